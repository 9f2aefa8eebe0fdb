"""Everything that an installation holds, in one file, and back into an empty one."""
