"""The oracle's Python half: short asyncio programs under a virtual clock."""
