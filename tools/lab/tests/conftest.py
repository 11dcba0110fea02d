import os
import sys

from rnn_parity_lab.environment import make_deterministic

sys.path.insert(0, os.path.dirname(__file__))
make_deterministic()
