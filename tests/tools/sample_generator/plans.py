"""What the fictional schools are made from: kinds of sites, levels, sizes and names.

Names are openly made up (`Voorbeeld` is Dutch for example); accents are the letters that tell code pages apart.
"""

SCHOOL_PLANS = (
    [("pro",)] * 7
    + [("gymnasium",)] * 3
    + [("mavo",)] * 3
    + [("vmbo",)] * 3
    + [("tl-vwo",)] * 3
    + [("alles",)] * 3
    + [("tl-vwo", "vmbo")] * 6
    + [("havo-vwo", "vmbo")] * 4
    + [("alles", "pro")] * 2
    + [("havo-gym", "mavo")] * 2
    + [("havo-gym", "vmbo", "brugjaar")] * 3
    + [("alles", "vmbo", "pro")] * 3
    + [("tl-vwo", "vmbo", "vmbo")] * 2
    + [("havo-gym", "tl-vwo", "vmbo", "pro")] * 2
    + [("internationaal", "havo-vwo", "vmbo", "mavo"), ("alles", "havo-vwo", "vmbo", "brugjaar")]
)
"""The sites of 48 schools by kind: 90 in all."""

LEVELS = {
    "pro": ("PRO",),
    "gymnasium": ("GYM",),
    "mavo": ("TL",),
    "vmbo": ("BL", "KL", "GL", "TL"),
    "havo-vwo": ("HAVO", "ATH"),
    "havo-gym": ("HAVO", "ATH", "GYM"),
    "tl-vwo": ("TL", "HAVO", "ATH"),
    "alles": ("BL", "KL", "GL", "TL", "HAVO", "ATH"),
    "brugjaar": ("TL", "HAVO", "ATH"),
    "internationaal": ("HAVO", "ATH", "IB"),
}
INTAKE = {
    "BL": (10, 40),
    "KL": (14, 48),
    "GL": (6, 26),
    "TL": (24, 80),
    "HAVO": (24, 90),
    "ATH": (18, 75),
    "GYM": (12, 60),
    "PRO": (8, 28),
    "IB": (10, 20),
}
SITE_NUMBERS = (0, 1, 3, 7)
MERGED_SITE_NUMBER = "10"
TITLES = {
    "pro": ("Voorbeeldpraktijkschool", "School voor Praktijkonderwijs"),
    "gymnasium": ("Voorbeeldgymnasium", "Gymnasium"),
    "mavo": ("Voorbeeldmavo", "School voor Mavo"),
    "vmbo": ("Voorbeeldcollege vmbo", "Scholengemeenschap voor Mavo Vbo Lwoo"),
    "havo-vwo": ("Voorbeeldlyceum", "Lyceum voor Atheneum Havo"),
    "havo-gym": ("Voorbeeldlyceum", "Lyceum voor Vwo Havo"),
    "tl-vwo": ("Voorbeeldcollege", "Scholengemeenschap voor Atheneum Havo Mavo"),
    "alles": ("Voorbeeldschool", "Scholengemeenschap voor Lyceum Havo Mavo Vbo Lwoo"),
    "brugjaar": ("Voorbeeldbrugklas", "Scholengemeenschap voor Vwo Havo Mavo"),
    "internationaal": ("Voorbeeld International", "Lyceum voor Vwo Havo"),
}
PLAIN = ("Bedacht", "Denkbeeld", "Fictie", "Maquette", "Proef", "Schets", "Verzinsel", "Zogenaamd")
ACCENTED = ("Idée", "Ideëel", "Crû", "Naïef", "Coëlia", "Fictiëla", "Voûte", "Caféïne")
DENOMINATIONS = (
    "Openbaar",
    "Rooms-Katholiek",
    "Protestants-Christelijk",
    "Algemeen bijzonder",
    "Samenwerking PC, RK",
    "Interconfessioneel",
)
HOSTILE_NAME = 'Voorbeeld "De Proef"; <script>alert("synthetisch")</script>'
FORMULA_NAME = '=SOM(1;2)&"Voorbeeld"'
"""Legal in a CSV, and a trap for pages and spreadsheets: they show whether names are quoted and escaped."""
