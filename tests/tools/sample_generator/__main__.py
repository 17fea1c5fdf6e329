"""Write the sample edition that ships with the product anew: `python -m tests.tools.sample_generator`."""

from tests.tools.sample_generator import write_sample
from warehouse.sample import FILES

if __name__ == "__main__":
    print(write_sample(FILES))
