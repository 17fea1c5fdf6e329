"""The sentence that everything made from the sample edition carries."""

NOTICE_NL = (
    "SYNTHETISCH - voorbeeldeditie: alles op schoolniveau is verzonnen om mee te oefenen en zegt niets over echte "
    "scholen; landelijk gepubliceerde cijfers zijn echt."
)
NOTICE_EN = (
    "SYNTHETIC - sample edition: everything at school level is made up for practice and says nothing about real "
    "schools; nationally published figures are real."
)
NOTICE = {"nl": NOTICE_NL, "en": NOTICE_EN}
