"""python -m rnn_parity_export"""

import sys

from .cli import main

sys.exit(main())
