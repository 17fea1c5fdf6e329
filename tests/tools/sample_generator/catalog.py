"""The publisher's own vocabulary: education types, programmes, element codes, inspection codes.

These words and codes are real (as DUO printed them between 2016 and 2024); only the schools and the counts of the
sample are made up. A programme is what the hidden truth counts pupils in; the functions here tell under which words
each file prints it, and those change over the years.
"""

from functools import lru_cache
from typing import NamedTuple

NOT_APPLICABLE = "N.v.t."


class Programme(NamedTuple):
    """What a pupil follows: `level` (BRUG, LJ3, BL, KL, GL, TL, HAVO, ATH, GYM, PRO, MYP, IB, VAVO), `unit` (element
    code, vocational programme, TL sector or profile) and whether with lwoo support."""

    level: str
    unit: str
    lwoo: bool = False


class Row01(NamedTuple):
    """The words of file 01 for one programme."""

    education_type: str
    lwoo: str
    sector: str
    department: str
    element: str
    name: str


class Vocational(NamedTuple):
    """One vmbo programme: its 07 code and names since 2016, and its sector and name in exams up to 2017."""

    sector: str
    name: str
    element: str
    old_sector: str
    old_name: str


VOCATIONAL = {
    "BWI": Vocational("Techniek", "Bouwen, wonen en interieur", "60", "Techniek", "Bouwtechniek"),
    "PIE": Vocational("Techniek", "Produceren, installeren en energie", "61", "Techniek", "Metaaltechniek"),
    "MTR": Vocational("Techniek", "Mobiliteit en transport", "62", "Techniek", "Voertuigentechniek"),
    "MVI": Vocational("Techniek", "Media, vormgeving en ICT", "63", "Techniek", "Grafische Techniek"),
    "EO": Vocational("Economie", "Economie en ondernemen", "64", "Economie", "Handel en Administratie -ISP"),
    "HBR": Vocational("Economie", "Horeca, bakkerij en recreatie", "65", "Economie", "Consumptief Breed -ISP"),
    "ZWE": Vocational("Zorg & Welzijn", "Zorg en welzijn", "66", "Zorg & Welzijn", "Zorg en Welzijn -ISP"),
    "G": Vocational("Landbouw", "Groen", "67", "Landbouw", "Landbouw Breed -ISP"),
    "DP": Vocational(
        "Intersect. programma",
        "Dienstverlening en producten",
        "69",
        "Intersect. programma",
        "Dienstverlening & Commercie",
    ),
}
LEERWEG_ELEMENT = {
    ("BL", False): ("11", "VMBO BB"),
    ("BL", True): ("55", "LWOO BB"),
    ("KL", False): ("21", "VMBO KB"),
    ("KL", True): ("65", "LWOO KB"),
    ("GL", False): ("31", "VMBO GL"),
    ("GL", True): ("75", "LWOO GL"),
}
TL_SECTOR = {
    "Techniek": ("0470", "MAVO/Theor Lw-Profiel Techniek"),
    "Zorg & Welzijn": ("0471", "MAVO/Theor Lw-Profiel Zorg en Welzijn"),
    "Economie": ("0472", "MAVO/Theor Lw-Profiel Economie"),
    "Landbouw": ("0473", "MAVO/Theor Lw-Profiel Landbouw"),
}
PROFILES = {
    "N&T": ("Natuur en Techniek", "0", "Nat/Tech"),
    "N&G": ("Natuur en Gezondheid", "1", "Nat/Gezond"),
    "E&M": ("Economie en Maatschappij", "2", "Ec/Maat"),
    "C&M": ("Cultuur en Maatschappij", "3", "Cul/Maat"),
    "N&T / N&G": ("Natuur en Techniek / Natuur en Gezondheid", "4", "Nat/Tech & Nat/Gezond"),
    "E&M / C&M": ("Economie en Maatschappij / Cultuur en Maatschappij", "9", "Ec/Maat & Cul/Maat"),
}
PROFILE_PREFIX = {"HAVO": ("03", "HAVO Prf"), "ATH": ("01", "VWO-ATH Prf"), "GYM": ("02", "VWO-GYM Prf")}
LOWER = {
    "0012": "Ljvb op VMBO-Gm Lw",
    "0013": "Ljvb op VMBO-Th/Gm Lw",
    "0015": "Ljvb op VWO/HAVO",
    "0033": "Ljvb op VMBO-Bbg/Kbg Lw",
    "0045": "Lj LWOO vb op Bbg/Kbg Lw",
    "0100": "VWO-ATHENEUMSTROOM",
    "0200": "VWO-GYMNASIUMSTROOM",
    "0300": "HAVO",
    "0400": "MAVO/Theor Lw-VMBO",
}
FIXED = {
    "PRO": ("Praktijkonderwijs alle vj", "0090", "Praktijkonderwijs"),
    "MYP": ("Engelse Stroom", "0700", "International Baccalaureate middle years programme"),
    "IB": ("Int. Baccelaureaat", "0800", "International Baccalaureate diplom programme"),
    "VAVO": ("HAVO uitbest. aan VAVO", "4031", "HAVO NW naar VAVO"),
}


@lru_cache(maxsize=4096)
def row_01(programme: Programme, year: int, profile_free: bool = False) -> Row01:
    """How file 01 of 1 October `year` names a programme.

    TL rows have no sector up to 2017; `profile_free` puts them under the year without a profile.
    """
    level, unit, lwoo = programme
    support = "J" if lwoo else "N"
    if level in FIXED:
        education_type, element, name = FIXED[level]
        return Row01(education_type, "N", NOT_APPLICABLE, NOT_APPLICABLE, element, name)
    if level in ("BRUG", "LJ3"):
        education_type = "Brugjaar 1-2" if level == "BRUG" else "HAVO/VWO lj 3"
        return Row01(education_type, support, NOT_APPLICABLE, NOT_APPLICABLE, unit, LOWER[unit])
    if level in ("BL", "KL", "GL"):
        kind, (tail, prefix) = VOCATIONAL[unit], LEERWEG_ELEMENT[level, lwoo]
        element, name = kind.element + tail, f"{prefix} {kind.name}"
        return Row01(f"VMBO {level} lj 3-4", support, kind.sector, kind.name, element, name)
    if level == "TL":
        element, name, sector = *TL_SECTOR[unit], unit
        if year <= 2017:
            element, name, sector = "0400", LOWER["0400"], NOT_APPLICABLE
        elif profile_free:
            element, name, sector = "0474", "MAVO/Theor Lw-Profielloos leerjaar 3", NOT_APPLICABLE
        return Row01("VMBO TL lj 3-4", "N", sector, NOT_APPLICABLE, element, name)
    department, digit, short = PROFILES[unit]
    prefix, name = PROFILE_PREFIX[level]
    education_type = "HAVO lj 4-5" if level == "HAVO" else "VWO lj 4-6"
    return Row01(education_type, "N", NOT_APPLICABLE, department, f"{prefix}7{digit}", f"{name} {short}")


class ExamUnit(NamedTuple):
    """What is examined: `level` (LWT, BL, KL, GL, TL, HAVO, VWO) and `unit` (programme, TL sector or profile)."""

    level: str
    unit: str


INSPECTION_SECTOR = {"Techniek": "techniek", "Zorg & Welzijn": "zorg en welzijn", "Economie": "economie"}
INSPECTION_BASE = {"LWT": ("LWT", 30, 26), "BL": ("B", 34, 27), "KL": ("K", 38, 28), "GL": ("G", 42, 29)}
SECTOR_STEP = {"Techniek": 0, "Zorg & Welzijn": 1, "Economie": 2, "Landbouw": 3}
PROFILE_CODE = {"N&T": 50, "N&G": 51, "E&M": 52, "C&M": 53, "N&T / N&G": 54, "E&M / C&M": 59}
LAST_OLD_EXAM = 2017
"""Last exam year that the sample prints under the old vmbo programme names (in reality they faded out to 2018)."""
FIRST_TL_SECTOR_EXAM = 2019


@lru_cache(maxsize=1024)
def row_06(unit: ExamUnit, exam_year: int, undivided: bool = False) -> tuple[str, str, str]:
    """How file 06 names an exam: (ONDERWIJSTYPE VO, INSPECTIECODE, OPLEIDINGSNAAM).

    `undivided`: a site that still had no TL sectors in the first year in which they are printed.
    """
    if unit.level in ("HAVO", "VWO"):
        code = PROFILE_CODE[unit.unit] + (10 if unit.level == "VWO" else 0)
        return unit.level, str(code), f"{unit.level} - {unit.unit}"
    if unit.level == "TL":
        if exam_year < FIRST_TL_SECTOR_EXAM or (undivided and exam_year == FIRST_TL_SECTOR_EXAM):
            return "VMBO", "46", "VMBO T"
        sector = unit.unit
        name = INSPECTION_SECTOR.get(sector, "landbouw")
        return "VMBO", str(90 + SECTOR_STEP[sector]), f"VMBO T - {name}"
    letter, first, mixed = INSPECTION_BASE[unit.level]
    kind = VOCATIONAL[unit.unit]
    sector = kind.old_sector if exam_year <= LAST_OLD_EXAM else kind.sector
    if sector == "Intersect. programma":
        if exam_year <= LAST_OLD_EXAM:
            return "VMBO", str(mixed), f"VMBO {letter} - intersectoraal"
        sector = "Economie"  # File 06 counts `DP` under economie once the old mixed programmes are gone.
    name = INSPECTION_SECTOR.get(sector, "landbouw")
    if unit.level == "LWT":
        name = name.replace("zorg en", "zorg &")
    return "VMBO", str(first + SECTOR_STEP[sector]), f"VMBO {letter} - {name}"


@lru_cache(maxsize=1024)
def row_07(unit: ExamUnit, exam_year: int, undivided: bool = False) -> tuple[str, str, str, str]:
    """How file 07 names an exam: (ONDERWIJSTYPE VO, LEERWEG VMBO, VMBO SECTOR, AFDELING); LWT counts as BL."""
    if unit.level in ("HAVO", "VWO"):
        return unit.level, "", "", PROFILES[unit.unit][0]
    if unit.level == "TL":
        old = exam_year < FIRST_TL_SECTOR_EXAM or (undivided and exam_year == FIRST_TL_SECTOR_EXAM)
        return "VMBO", "TL", "" if old else unit.unit, ""
    leerweg = "BL" if unit.level == "LWT" else unit.level
    kind = VOCATIONAL[unit.unit]
    if exam_year <= LAST_OLD_EXAM:
        return "VMBO", leerweg, kind.old_sector, kind.old_name
    return "VMBO", leerweg, kind.sector, unit.unit
