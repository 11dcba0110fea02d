"""python -m rnn_parity"""

import sys

from .command import main

sys.exit(main())
