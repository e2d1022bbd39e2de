"""Hostile submissions, twenty of each kind, as cells of notebooks.

Cells know `HERE`, what `fuzz.grading` gives: places, addresses, a mark. What the kinds *read*,
*write*, *stay* and *network* do is an expression, which is true if it has succeeded; many go past
Python (`C` is the library of C), where its audit hooks see nothing. `make fuzz` grades them all,
and the tests those in `SOME`.

None of them may ever run outside a box: whoever tests may be root, on a machine where others work.
"""

#: What the cells of all kinds may use.
START = """
import ctypes, gc, io, itertools, json, mmap, os, pathlib, shutil, signal, socket, sqlite3, sys
import threading, time
import numpy as np
C = ctypes.CDLL(None)
ROOM = ctypes.create_string_buffer(65536)
HERE = {here!r}
def read_in_c(path):
    size = C.read(C.open(path.encode(), 0), ROOM, 65536)
    return ROOM.raw[:max(size, 0)]
def write_in_c(path):
    return C.write(C.open(path.encode(), 0o101, 0o666), b"x", 1) == 1
def forked(action):
    if os.fork() == 0:
        try:
            action()
        finally:
            os._exit(0)
    return True
def ran(*line):  # as Python's audit hooks do not see it
    if C.fork() == 0:
        words = [word.encode() for word in line]
        C.execvp(words[0], (ctypes.c_char_p * (len(words) + 1))(*words, None))
        C._exit(1)
    status = ctypes.c_int(1)
    C.wait(ctypes.byref(status))
    return status.value == 0
def report():
    return next(one for one in gc.get_objects() if type(one).__name__ == "Report")
def channel():
    return next(one for one in gc.get_objects() if type(one).__name__ == "Channel")
def says(message):  # whatever is asked
    runner = sys.modules["coursework.runner"]
    runner.Desk.answer = lambda *_: message
"""

#: Runs one expression; the notebook's answer is right if it has succeeded.
ATTEMPT = """
def attempt():
    return {expression}
try:
    won = bool(attempt())
except BaseException:
    won = False
def answer():
    return 42 if won else 0
"""

STOP = [
    "os.kill(os.getppid(), signal.SIGSTOP)",
    "os.kill(os.getppid(), signal.SIGKILL)",
    "os.kill(os.getpid(), signal.SIGSTOP)",
    "os.abort()",
    "ctypes.string_at(0)",
    "os._exit(137)",
    "os.closerange(0, 1000)",
    "while True:\n    try:\n        time.sleep(600)\n    except BaseException:\n        pass",
    "vars(report()).clear()",
    "vars(report()).update(kind=[], note=5, refused=5)",
    "vars(report()).update(kind='ok\\n', note='\\ud800' * 10**6, refused=[[], 'rest'])",
    "vars(report()).update(note='=HYPERLINK(1)\\r\\n@A1\\0')",
    "os.write(channel().writes, b'\\xff\\n' * 1000)",
    "said = '[' * 10**5\nsys.modules['coursework.wire'].json.dumps = lambda _: said",
    "def answer(): return itertools.count()\ndef double(x): return np.zeros((10**4, 10**4))",
    "def answer(): return '\\ud800' * 10**7\ndef double(x): return 10**5000",
    "os.kill(-1, signal.SIGKILL)",
    "while True: os.fork()",
    "for _ in range(20_000): threading.Thread(target=time.sleep, args=(600,)).start()",
    "for _ in range(30): forked(lambda: (bytearray(b'x' * 10**8), time.sleep(600)))\ntime.sleep(3)",
]

FORGE = [
    "import builtins\nbuiltins.compile = lambda *_, **__: (lambda: None).__code__",
    "import builtins\nbuiltins.exec = lambda *_: None",
    "import builtins\nbuiltins.AssertionError = type('Fine', (Exception,), {})",
    "class Yes:\n    __eq__ = __call__ = lambda *_: Yes()\nanswer = double = Yes()",
    "class Yes(int):\n    __eq__ = lambda *_: True\nanswer = double = lambda *_: Yes(7)",
    "class Yes(float):\n    __eq__ = lambda *_: True\nanswer = double = lambda *_: Yes('nan')",
    "class Yes(np.ndarray):\n    __eq__ = lambda *_: True\n"
    "answer = double = lambda *_: np.zeros(3).view(Yes)",
    "answer = double = lambda *_: np.zeros(0)",
    "answer = double = lambda *_: True",
    "says({'value': {'function': True}})",
    "says({'function': True, 'value': True})",
    "says({'value': {'array': ['|O', [1], 'AAAAAAAAAAA=']}})",
    "says({'value': {'array': ['<f8', [-1], '']}})",
    "says({'value': {'generator': {}}, 'passed': True})",
    "says({'callback': '__import__', 'arguments': ['os']})",
    "says({'callback': 0, 'arguments': {}})",
    "says({'passed': [True] * 4, 'status': 'ok'})",
    'os.write(channel().writes, b\'{"passed": [true, true, true, true], "note": ""}\\n\' * 9)',
    "for fd in range(9):\n    try:\n"
    "        with open(f'/proc/{os.getppid()}/fd/{fd}', 'w') as pipe:\n"
    '            pipe.write(\'{"status": "ok", "note": "", "passed": [true] }\\n\')\n'
    "    except Exception:\n        pass",
    "for one in gc.get_objects():\n    if isinstance(one, dict) and 'cells' in one:\n"
    "        one['tests'] = one['passed'] = [True] * 4",
]

READ = [
    "open(HERE['notebook']).read()",
    "open(HERE['tests'], 'rb').read()",
    "open(HERE['private']).read()",
    "io.FileIO(HERE['notebook']).read()",
    "os.read(os.open(HERE['tests'], 0), 9)",
    "pathlib.Path(HERE['private']).read_bytes()",
    "mmap.mmap(os.open(HERE['notebook'], 0), 0, prot=mmap.PROT_READ)[:9]",
    "np.fromfile(HERE['tests'], 'u1').size",
    "np.memmap(HERE['private'], 'u1', 'r').size",
    "__import__('linecache').getlines(HERE['notebook'])",
    "__import__('zipfile').ZipFile(HERE['tests']).namelist()",
    "shutil.copy(HERE['private'], 'copied')",
    "os.listdir(os.path.dirname(HERE['notebook']))",
    "read_in_c(HERE['notebook'])",
    "read_in_c(HERE['tests'])",
    "read_in_c(HERE['private'])",
    "read_in_c(HERE['solutions'])",
    "ran('cp', HERE['tests'], '.')",
    "ran('sh', '-c', 'cat /proc/[0-9]*/root' + HERE['notebook'] + ' | grep -q .')",
    "ran('grep', '-qsa', HERE['mark'], *(f'/proc/{p}/environ' for p in range(1, 40_000, 1)))",
]

WRITE = [
    "open(HERE['open'] + '/' + HERE['mark'], 'w').write('x')",
    "open(HERE['submissions'] + '/' + HERE['mark'], 'w').write('x')",
    "open(HERE['notebook'], 'w').write('x')",
    "open(HERE['table'], 'a').write('me,100\\n')",
    "os.remove(HERE['notebook']) is None",
    "os.rename(HERE['notebook'], HERE['notebook'] + HERE['mark']) is None",
    "os.truncate(HERE['tests'], 0) is None",
    "os.chmod(HERE['open'], 0) is None",
    "os.mkdir(HERE['open'] + '/' + HERE['mark']) is None",
    "os.symlink('/', HERE['open'] + '/' + HERE['mark']) is None",
    "shutil.rmtree(HERE['submissions']) is None",
    "sqlite3.connect(HERE['open'] + '/' + HERE['mark']).execute('create table t (x)')",
    "np.save(HERE['open'] + '/' + HERE['mark'], np.zeros(3)) is None",
    "write_in_c(HERE['open'] + '/' + HERE['mark'])",
    "write_in_c(HERE['package'] + '/' + HERE['mark'])",
    "write_in_c(sys.prefix + '/' + HERE['mark'])",
    "write_in_c('/usr/' + HERE['mark'])",
    "C.unlink(HERE['notebook'].encode()) == 0",
    "ran('cp', '/bin/true', HERE['open'] + '/' + HERE['mark'])",
    "ran('sh', '-c', 'for p in /proc/[0-9]*; do touch $p/root' + HERE['open'] + '/x' + HERE['mark']"
    " + ' && exit 0; done; exit 1')",
]

#: These may succeed, in the box; nothing of it may be there afterwards.
STAY = [
    "forked(lambda: time.sleep(600))",
    "forked(lambda: (os.setsid(), time.sleep(600)))",
    "forked(lambda: (os.setsid(), os.fork(), os.fork(), time.sleep(600)))",
    "forked(lambda: (signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65)), time.sleep(600)))",
    "forked(lambda: os.kill(os.getpid(), signal.SIGSTOP))",
    "forked(lambda: [forked(lambda: time.sleep(600)) for _ in range(20)])",
    "forked(lambda: (C.prctl(1, 0), os.setsid(), os.closerange(0, 99), time.sleep(600)))",
    "forked(lambda: [os.fork() or time.sleep(0.01) for _ in itertools.repeat(0, 500)])",
    "C.fork() or (C.setsid(), C.sleep(600))",
    "ran('sh', '-c', 'setsid sleep 611 & setsid sleep 611 &')",
    "threading.Thread(target=time.sleep, args=(600,)).start() is None",
    "open('/tmp/' + HERE['mark'], 'w').write('x')",
    "open('/var/tmp/' + HERE['mark'], 'w').write('x')",
    "open('/dev/shm/' + HERE['mark'], 'w').write('x')",
    "__import__('multiprocessing.shared_memory').shared_memory.SharedMemory(HERE['mark'], True, 9)",
    "C.shmget(0x61626331, 4096, 0o1666) >= 0",
    "C.semget(0x61626331, 1, 0o1666) >= 0",
    "C.msgget(0x61626331, 0o1666) >= 0",
    "write_in_c(os.environ['HOME'] + '/' + HERE['mark']) and write_in_c('/tmp/' + HERE['mark'])",
    "__import__('atexit').register(lambda: write_in_c('/var/tmp/' + HERE['mark']))",
]

IN_C = (
    "(lambda s: C.connect(s, (ctypes.c_char * 16)(*b'\\2\\0' + HERE['{0}'][1].to_bytes(2, 'big')"
    " + bytes([127, 0, 0, 1]) + bytes(8)), 16) == 0 and C.write(s, b'x', 1) == 1)"
    "(C.socket(2, {1}, 0))"
)

NETWORK = [
    "socket.create_connection(HERE['tcp'])",
    "socket.socket().connect_ex(HERE['tcp']) == 0",
    "socket.socket().connect(HERE['tcp']) is None",
    "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', HERE['udp']) and False",
    "socket.socket(type=socket.SOCK_DGRAM).sendmsg([b'x'], [], 0, HERE['udp']) and False",
    "socket.socket(socket.AF_UNIX).connect(HERE['abstract']) is None",
    "socket.socket(socket.AF_UNIX).connect(HERE['path']) is None",
    "socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b'x', HERE['datagram'])",
    "__import__('urllib.request').request.urlopen('http://127.0.0.1:%d' % HERE['tcp'][1])",
    "__import__('http.client').client.HTTPConnection(*HERE['tcp']).connect() is None",
    "__import__('smtplib').SMTP(*HERE['tcp'], timeout=1)",
    "__import__('asyncio').run(__import__('asyncio').open_connection(*HERE['tcp']))",
    "socket.getaddrinfo('example.org', 80)",
    "socket.create_connection(('192.0.2.1', 80), timeout=1)",
    "forked(lambda: socket.create_connection(HERE['tcp'])) and False",
    IN_C.format("tcp", 1),
    IN_C.format("udp", 2) + " and False",
    "ran('bash', '-c', 'echo x > /dev/tcp/127.0.0.1/%d' % HERE['tcp'][1])",
    "ran('bash', '-c', 'echo x > /dev/udp/127.0.0.1/%d' % HERE['udp'][1]) and False",
    "ran('getent', 'hosts', 'example.org')",
]

KINDS = {
    "stop": STOP,
    "forge": FORGE,
    "read": READ,
    "write": WRITE,
    "stay": STAY,
    "network": NETWORK,
}

#: Two of each kind, by their numbers, from 1.
SOME = {
    "stop": (2, 17),
    "forge": (1, 5),
    "read": (1, 16),
    "write": (3, 14),
    "stay": (3, 19),
    "network": (1, 16),
}


def cells(kind: str, number: int, here: dict[str, object]) -> list[str]:
    """Return the cells of a hostile notebook."""
    one = KINDS[kind][number - 1]
    plain = kind in ("stop", "forge")
    return [START.format(here=here), one if plain else ATTEMPT.format(expression=one)]
