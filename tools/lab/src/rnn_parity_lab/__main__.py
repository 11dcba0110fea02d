"""python -m rnn_parity_lab"""

import sys

from .cli import main

sys.exit(main())
