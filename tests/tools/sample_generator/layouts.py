"""The header lines, as the publisher writes them, column by column.

All are verbatim but two: no public copy of the 2023 file of 01 and of the 2024-2025 file of 05 was at hand. Their
column names and order are put together from public code that reads them, and the manifest says so.
"""

LEERJAREN = tuple(f"LEER- OF VERBLIJFSJAAR {year} - {sex}" for year in range(1, 7) for sex in ("MAN", "VROUW"))

PUPILS_2019 = (
    "BRIN NUMMER",
    "VESTIGINGSNUMMER",
    "INSTELLINGSNAAM VESTIGING",
    "PLAATSNAAM VESTIGING",
    "PROVINCIE VESTIGING",
    "ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR",
    "VMBO SECTOR",
    "AFDELING",
    "ELEMENTCODE",
    "OPLEIDINGSNAAM",
    *LEERJAREN,
)
PUPILS_2017 = (*PUPILS_2019[:6], "LWOO INDICATIE", *PUPILS_2019[6:])
PUPILS_2023 = (
    "INSTELLINGSCODE",
    "VESTIGINGSCODE",
    *PUPILS_2019[2:5],
    "SAMENWERKINGSVERBAND PASSEND ONDERWIJS VO",
    *PUPILS_2019[5:8],
    "ERKENDE OPLEIDINGSCODE",
    *PUPILS_2019[9:],
)

REPEATERS_2015 = (
    "BRINNUMMER",
    "VESTIGINGSNUMMER",
    "INSTELLINGSNAAM VESTIGING",
    "PLAATSNAAM VESTIGING",
    "GEMEENTENUMMER VESTIGING",
    "GEMEENTENAAM VESTIGING",
    "PROVINCIE VESTIGING",
    "TOTAAL LEERLINGEN",
    "AANTAL ZITTENBLIJVERS",
    "AANTAL AFSTROMERS",
    "AANTAL OPSTROMERS",
    "PERCENTAGE ZITTENBLIJVERS",
    "PERCENTAGE AFSTROMERS",
    "PERCENTAGE OPSTROMERS",
)
REPEATERS_2017 = (
    "BRINNUMMER",
    "INSTELLINGSNAAM_VESTIGING",
    "VESTIGINGSNUMMER",
    "PLAATSNAAM",
    "GEMEENTENUMMER",
    "GEMEENTENAAM",
    "PROVINCIE",
    "AANTAL_LEERLINGEN",
    "AANTAL_ZITTENBLIJVERS",
    "AANTAL_AFSTROMERS",
    "AANTAL_OPSTROMERS",
)
REPEATERS_2023 = ("INSTELLINGSCODE", REPEATERS_2017[1], "VESTIGINGSCODE", *REPEATERS_2017[3:])


def exam_columns(first_exam_year: int, sexes: tuple[str, ...]) -> tuple[str, ...]:
    """The wide measure columns of file 06: five school years x sexes x three measures."""
    measures = ("EXAMENKANDIDATEN", "GESLAAGDEN", "SLAAGPERC")
    years = [f"{year - 1}-{year}" for year in range(first_exam_year, first_exam_year + 5)]
    return tuple(f"{measure} SCHOOLJAAR {year} - {sex}" for year in years for sex in sexes for measure in measures)


EXAM_KEYS = ("INSTELLINGSNAAM VESTIGING", "GEMEENTENAAM", "ONDERWIJSTYPE VO", "INSPECTIECODE", "OPLEIDINGSNAAM")
EXAMS_2014 = (
    "BRIN NUMMER",
    "VESTIGINGSNUMMER",
    *EXAM_KEYS,
    *exam_columns(2015, ("MAN", "VROUW", "ONBEKEND", "TOTAAL")),
)
EXAMS_2019 = ("INSTELLINGSCODE", "VESTIGINGSCODE", *EXAM_KEYS, *exam_columns(2020, ("MAN", "VROUW", "TOTAAL")))

PASSED = (
    "BRIN NUMMER",
    "VESTIGINGSNUMMER",
    "INSTELLINGSNAAM VESTIGING",
    "GEMEENTENAAM VESTIGING",
    "PROVINCIE VESTIGING",
    "ONDERWIJSTYPE VO",
    "LEERWEG VMBO",
    "VMBO SECTOR",
    "AFDELING",
    "EXAMENKANDIDATEN",
    "GESLAAGDEN",
    "GEZAKTEN",
    "GEMIDDELD CIJFER SCHOOLEXAMEN",
    "GEMIDDELD CIJFER CENTRAAL EXAMEN",
    "GEMIDDELD CIJFER CIJFERLIJST",
)
PASSED_2024 = ("INSTELLINGSCODE", "VESTIGINGSCODE", *PASSED[2:])

SUBJECTS = (
    "SCHOOLJAAR",
    "BRIN NUMMER",
    "VESTIGINGSNUMMER",
    "INSTELLINGSNAAM VESTIGING",
    "GEMEENTENUMMER",
    "GEMEENTENAAM",
    "PLAATSNAAM",
    "PROVINCIE",
    "ONDERWIJSTYPE VO",
    "VAKCODE",
    "AFKORTING VAKNAAM",
    "VAKNAAM",
    "SCHOOLEXAMEN BEOORDELING",
    "TOTAAL AANTAL SCHOOLEXAMENS MET BEOORDELING",
    "AANTAL SCHOOLEXAMENS MET BEOORDELING MEETELLEND VOOR DIPLOMA",
    "TOTAAL AANTAL SCHOOLEXAMENS MET CIJFER",
    "GEM. CIJFER TOTAAL AANTAL SCHOOLEXAMENS",
    "AANTAL SCHOOLEXAMENS MET CIJFER MEETELLEND VOOR DIPLOMA",
    "GEM. CIJFER SCHOOLEXAMENS MET CIJFER MEETELLEND VOOR DIPLOMA",
    "TOTAAL AANTAL CENTRALE EXAMENS",
    "GEM. CIJFER TOTAAL AANTAL CENTRALE EXAMENS",
    "AANTAL CENTRALE EXAMENS MEETELLEND VOOR DIPLOMA",
    "GEM. CIJFER CENTRALE EXAMENS MET CIJFER MEETELLEND VOOR DIPLOMA",
    "GEM. CIJFER CIJFERLIJST",
    "GEM. CIJFER REKENTOETS",
)

REGIONS = tuple(
    f"{region} {part}"
    for region in (
        "NODAAL GEBIED",
        "RPA-GEBIED",
        "WGR-GEBIED",
        "COROPGEBIED",
        "ONDERWIJSGEBIED",
        "RMC-REGIO",
    )
    for part in ("CODE", "NAAM")
)
ADDRESS_TAIL = (
    "STRAATNAAM",
    "HUISNUMMER-TOEVOEGING",
    "POSTCODE",
    "PLAATSNAAM",
    "GEMEENTENUMMER",
    "GEMEENTENAAM",
    "DENOMINATIE",
    "TELEFOONNUMMER",
    "INTERNETADRES",
    "ONDERWIJSSTRUCTUUR",
    "STRAATNAAM CORRESPONDENTIEADRES",
    "HUISNUMMER-TOEVOEGING CORRESPONDENTIEADRES",
    "POSTCODE CORRESPONDENTIEADRES",
    "PLAATSNAAM CORRESPONDENTIEADRES",
    *REGIONS,
)
ADDRESS_HEAD = ("PROVINCIE", "BEVOEGD GEZAG NUMMER", "BRIN NUMMER")
SCHOOL_ADDRESSES = (*ADDRESS_HEAD, "INSTELLINGSNAAM", *ADDRESS_TAIL)
SITE_ADDRESSES = (*ADDRESS_HEAD, "VESTIGINGSNUMMER", "VESTIGINGSNAAM", *ADDRESS_TAIL)

EARLY_LEAVERS = (
    "SAMENWERKINGSVERBAND_NUMMER",
    "brin_nummer",
    "vestigings_nummer",
    "aantal_leerlingen",
    "vsv_totaal",
    "vsv_vmbo",
    "vsv_mbo",
    "vsv_overig",
)
SUCCESSIONS = (
    "NR_ADMIN_VAN",
    "CODE_FUNCTIE_VAN",
    "CODE_SOORT_VAN",
    "CODE_WET_VAN",
    "NR_ADMIN_NAAR",
    "CODE_FUNCTIE_NAAR",
    "CODE_SOORT_NAAR",
    "CODE_WET_NAAR",
    "DT_OVERGANG",
    "CODE_OVERGANG",
    "NAAM_OVERGANG",
    "IND_VOLLEDIG",
    "CODE_STAND_RECORD",
)
BALANCE = (
    "Bevoegd_Gezag",
    "Sector",
    "Groepering",
    "Naam",
    "Jaar",
    "Immateriële vaste activa",
    "Materiële vaste activa",
    "Financiële vaste activa",
    "Totaal van vaste activa",
    "Voorraden",
    "Vorderingen",
    "Kortlopende effecten",
    "Liquide middelen",
    "Totaal van vlottende activa",
    "Totaal van activa",
    "Eigen_vermogen",
    "Voorzieningen",
    "Langlopende schulden",
    "Kortlopende schulden",
    "Totaal van passiva",
)
COSTS = (
    "_id",
    "Bevoegd Gezag",
    "Sector",
    "Groepering",
    "Naam",
    "Jaar",
    "Lonen",
    "Sociale lasten",
    "Premies Participatiefonds",
    "Premies Vervangingsfonds",
    "Pensioenlasten",
    "Lonen salarissen sociale lasten en pensioenlasten",
    "Dotaties personele voorzieningen",
    "Lasten personeel niet in loondienst",
    "Overige overige personele lasten",
    "Overige personele lasten",
    "Vergoedingen uit het Participatiefonds",
    "Vergoedingen uit het Vervangingsfonds",
    "Overige uitkeringen die personeelslasten verminderen",
    "Uitkeringen die personeelslasten verminderen",
    "Personeelslasten",
    "Afschrijvingen op immateriele vaste activa",
    "Afschrijvingen op materiele vaste activa",
    "Afschrijvingen",
    "Huurlasten",
    "Verzekeringslasten",
    "Onderhoudslasten klein onderhoud",
    "Lasten voor energie en water",
    "Schoonmaakkosten",
    "Belastingen en heffingen",
    "Dotatie onderhoudsvoorziening",
    "Overige overige huisvestingslasten",
    "Huisvestingslasten",
    "Administratie en beheerslasten",
    "Inventaris en apparatuur",
    "Leer en hulpmiddelen",
    "Dotatie overige voorzieningen",
    "Overige overige overige lasten",
    "Overige lasten",
    "Verstrekte subsidies",
    "Gerealiseerde herwaardering",
    "Verplichte afdrachten uit te voeren door OCW voor vso",
    "Verplichte afdrachten uit te voeren door OCW voor Lwoo",
    "Verplichte afdrachten uit te voeren door OCW voor pro",
    "Verplichte afdrachten uit te voeren door OCW",
    "Doorbetaling op basis van 1 februari vso",
    "Doorbetaling op basis van 1 februari sbo",
    "Doorbetaling op basis van 1 februari",
    "Overige doorbetalingen van rijksbijdragen aan schoolbesturen",
    "Doorbetalingen aan schoolbesturen",
    "Accountantshonoraria voor het onderzoek van de jaarrekening",
    "Accountantshonoraria voor andere controleopdrachten",
    "Accountantshonoraria voor adviesdiensten op fiscaal terrein",
    "Accountantshonoraria voor andere nietcontrolediensten",
    "Accountantshonoraria",
)
