"""The fixed texts that backends are measured on: code and sentences as repositories and listings have them."""

TEXTS = (
    "def read_rows(path):\n    with open(path, newline='') as file:\n        return list(csv.DictReader(file))",
    "def load_csv(path: Path) -> list[dict[str, str]]:\n    rows = []\n    for line in path.open():\n"
    "        rows.append(dict(zip(HEADER, line.split(','))))\n    return rows",
    "class Stack:\n    def __init__(self):\n        self.items = []\n\n    def push(self, item):\n"
    "        self.items.append(item)\n\n    def pop(self):\n        if not self.items:\n"
    "            raise IndexError('pop from an empty stack')\n        return self.items.pop()",
    "func Retry(times int, work func() error) error {\n\tvar err error\n\tfor i := 0; i < times; i++ {\n"
    "\t\tif err = work(); err == nil {\n\t\t\treturn nil\n\t\t}\n\t\ttime.Sleep(time.Second)\n\t}\n\treturn err\n}",
    "async function fetchUser(id) {\n  const response = await fetch(`/users/${id}`);\n  if (!response.ok) {\n"
    "    throw new Error(`user ${id}: ${response.status}`);\n  }\n  return response.json();\n}",
    "select customer_id, sum(amount) as total from orders where paid_at >= date '2026-01-01'\ngroup by customer_id\n"
    "having sum(amount) > 100 order by total desc",
    "public static int binarySearch(int[] sorted, int wanted) {\n    int low = 0, high = sorted.length - 1;\n"
    "    while (low <= high) {\n        int middle = (low + high) >>> 1;\n"
    "        if (sorted[middle] < wanted) low = middle + 1;\n"
    "        else if (sorted[middle] > wanted) high = middle - 1;\n"
    "        else return middle;\n    }\n    return -1;\n}",
    "Installation: clone the repository, create a virtual environment and run the tests before the first change.",
    "where are failed requests tried again?",
    "how is a file of comma separated values read?",
    "Intern, data platform: you will build pipelines in Python and SQL, review others' work and learn from it.",
    "fn parse_port(text: &str) -> Result<u16, String> {\n"
    "    text.trim().parse().map_err(|_| format!(\"{text} is no port\"))\n}",
)  # fmt: skip
