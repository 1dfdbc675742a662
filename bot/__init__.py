"""The command core: turns a Request into a Reply from a knowledge pack; it must never import adapters or a platform."""
