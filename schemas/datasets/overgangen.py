"""DUO: which school or board went over into which (mergers, transfers, splits), with the day it happened.

A member of basisgegevens-instellingen.zip: one state with the whole history, of all sectors. All rows are kept, as a
board that runs a secondary school may stand under no education law; VO schools have law WVO on either side.
"""

import pandas as pd
import pandera.pandas as pa

from schemas.cadence import UNKNOWN
from schemas.dataset import DUO, Dataset, Dialect, PublishedFile
from schemas.fields import RowModel, Series, category, day, text


class OvergangenRow(RowModel):
    """One step from one number to another: a BRIN, a vestiging or a board, by function and kind."""

    from_id: Series[str] = category("NR_ADMIN_VAN")
    from_function: Series[str] = text("CODE_FUNCTIE_VAN", required=True, nullable=False)
    from_kind: Series[str] = text("CODE_SOORT_VAN")
    from_law: Series[str] = text("CODE_WET_VAN", required=True)
    to_id: Series[str] = category("NR_ADMIN_NAAR")
    to_function: Series[str] = text("CODE_FUNCTIE_NAAR", required=True, nullable=False)
    to_kind: Series[str] = text("CODE_SOORT_NAAR")
    to_law: Series[str] = text("CODE_WET_NAAR", required=True)
    happened_on: Series[object] = day("DT_OVERGANG")
    transition_code: Series[str] = text("CODE_OVERGANG", required=True, nullable=False)
    transition: Series[str] = text("NAAM_OVERGANG")
    complete: Series[str] = text("IND_VOLLEDIG", required=True, isin=["J", "N"])
    record_status: Series[str] = text("CODE_STAND_RECORD")

    @pa.dataframe_check
    @classmethod
    def leads_elsewhere(cls, rows: pd.DataFrame) -> pd.Series:
        """Nothing goes over into itself."""
        return rows["from_id"].astype("str") != rows["to_id"].astype("str")


class Overgangen(Dataset):
    id = "duo_overgangen"
    title_nl = "Overgangen van instellingen en besturen (fusies, overdrachten, splitsingen)"
    title_en = "Successions of schools and boards (mergers, transfers, splits)"
    publisher = DUO
    landing_page = "https://duo.nl/open_onderwijsdata/onderwijs-algemeen/basisgegevens/"
    # A state with the whole history.
    cadence = UNKNOWN
    name_pattern = r"^overgangen([_-]?\d{8})?\.csv$"
    files = (
        PublishedFile(
            "https://duo.nl/open_onderwijsdata/images/basisgegevens-instellingen.zip#OVERGANGEN_20250113.csv",
            "2025-01-13",
        ),
    )
    dialect = Dialect(delimiter=",;")
    key = ("from_id", "to_id", "happened_on", "transition_code")
    Row = OvergangenRow
