# Prints seconds from the start of a program on a terminal to its prompt: of so many
# starts, a line each. Arguments: the program, how many, what the prompt ends with.
import os
import pty
import sys
import time

program, count, prompt = sys.argv[1], int(sys.argv[2]), sys.argv[3].encode()
for _ in range(count):
    start = time.monotonic()
    child, terminal = pty.fork()
    if child == 0:
        os.environ["SNNLUA_HISTORY"] = ""
        os.execl(program, program)
    text = b""
    while prompt not in text:
        text += os.read(terminal, 4096)
    print(time.monotonic() - start)
    os.close(terminal)  # hangs up
    os.waitpid(child, 0)
