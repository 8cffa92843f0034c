"""The project's own attack on what it stores: can anybody be told from it who wrote what?

The attacker has the whole database with its files, its log of writes, whatever other files are given (logs, exports,
mail), and the full roster; not the link key. It knows nothing of this program but what the tables show.
"""

from consult.operations.linking.attacking import Findings, attack
from consult.operations.linking.orders import kendall

__all__ = ["Findings", "attack", "kendall"]
