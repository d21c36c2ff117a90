"""Channels are plug-ins behind one contract; the dispatcher knows no provider."""
