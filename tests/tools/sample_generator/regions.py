"""The twelve real provinces with one real region of each kind, as the address files name them.

The municipalities in them are fictional. The name of the RMC region is spelled in two ways over the years, as in the
publisher's files (first 2016, then 2020).
"""

from typing import NamedTuple


class Region(NamedTuple):
    """A province and the codes and names of the regions around the fictional towns in it."""

    province: str
    areas: tuple[str, ...]
    """Nodal, RPA, WGR, COROP and education area, code and name in turn."""
    rmc: str
    rmc_name_2016: str
    rmc_name_2020: str


def _region(province: str, areas: str, rmc: str, name_2016: str, name_2020: str = "") -> Region:
    return Region(province, tuple(areas.split("|")), rmc, name_2016, name_2020 or name_2016)


REGIONS = (
    _region(
        "Drenthe",
        "11|Assen|03|Centraal-Groningen|07|Noord- en Midden-Drenthe|07|Noord-Drenthe|04|Assen-Hoogeveen-Emmen",
        "07",
        "Noord- en midden-Drenthe",
        "Noord- en Midden Drenthe",
    ),
    _region(
        "Flevoland",
        "18|Zwolle|15|Flevoland|18|Flevoland|40|Flevoland|05|Zwolle-Meppel en omstreken",
        "18",
        "Flevoland",
    ),
    _region(
        "Friesland",
        "10|Leeuwarden|04|Fryslân|04|Friesland-Noord|04|Noord-Friesland|03|Friesland",
        "04",
        "Friesland-noord",
        "Friesland Noord",
    ),
    _region(
        "Gelderland",
        "23|Zutphen|09|Stedendriehoek|11|Stedendriehoek|14|Achterhoek|07|Apeldoorn en midden-IJsselgebied",
        "11",
        "Stedendriehoek",
    ),
    _region(
        "Groningen",
        "04|Veendam|02|Oost-Groningen|01|Oost-Groningen|01|Oost-Groningen|02|Oost-Groningen",
        "01",
        "Oost-Groningen",
    ),
    _region(
        "Limburg",
        "76|Venlo|29|Noord-Limburg|38|Noord-Limburg|37|Noord-Limburg|23|Noord-Limburg",
        "38",
        "Gewest Noord-Limburg",
        "Gewest Limburg-Noord",
    ),
    _region(
        "Noord-Brabant",
        "72|Oss|27|Noordoost-Brabant|36|Noordoost-Brabant|35|Noordoost-Noord-Brabant|12|Noord-Noord-Brabant",
        "36",
        "Noordoost-Brabant",
        "Noord-Oost-Brabant",
    ),
    _region(
        "Noord-Holland",
        "44|Amsterdam|20|Zuidelijk Noord-Holland|21|Agglomeratie Amsterdam|23|Groot-Amsterdam|15|Zuid-Noord-Holland",
        "21",
        "Agglomeratie Amsterdam",
    ),
    _region("Overijssel", "21|Almelo|07|Twente|12|Twente|12|Twente|06|Twente", "12", "Twente"),
    _region(
        "Utrecht",
        "48|Woerden|18|Utrecht-Midden|19|Utrecht|17|Utrecht|13|Utrecht en omstreken",
        "19",
        "Utrecht",
    ),
    _region(
        "Zeeland",
        "59|Middelburg|24|Zeeland|32|Walcheren|32|Overig Zeeland|19|Zeeland",
        "32",
        "Walcheren",
    ),
    _region(
        "Zuid-Holland",
        "54|Rotterdam|23|Rijnmond|29|Rijnmond|29|Groot-Rijnmond|17|Rijnmond groot",
        "29",
        "Rijnmond",
    ),
)
