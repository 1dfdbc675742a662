"""The commands, in the order in which people meet them."""

from bot.commands.compare import COMPARE
from bot.commands.fit import FIT
from bot.commands.nudge import NUDGE
from bot.commands.roadmap import ROADMAP
from bot.commands.waymark import WAYMARK

COMMANDS = (COMPARE, ROADMAP, FIT, NUDGE, WAYMARK)
