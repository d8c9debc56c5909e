"""The family of work of a job: by its title, part by part; by its description where the title says nothing. Pure.

Titles in English, German, French and Spanish.
"""

import re

from internflow.listings.statements import lower_in_place

ROLE_FAMILIES = (
    "software", "backend", "frontend", "full_stack", "mobile", "data", "machine_learning", "cloud_devops", "security",
    "hardware", "embedded", "quality", "research", "product", "design", "business", "other",
)  # fmt: skip

RULES_VERSION = "roles-1"

MOST_READ = 3_000  # characters of a description
LEAST_MENTIONS = 2

# A part of a title, and the words that leave nothing of it: they say what kind of job, when and where.
_part = re.compile(r"\s[-\u2013\u2014|:/]+\s|[,(|:;\u2013\u2014]|\)|\s@\s")
_says_nothing = re.compile(
    r"\b(?:intern(?:ship)?s?|co-?op|trainees?|apprentice(?:ship)?s?|summer|spring|fall|winter|autumn|20\d\d|new|grad(?:uate)?s?"
    r"|student|working|werkstudent(?:in)?|praktik\w+|stagiaire|stage|early|career|program(?:me)?|university"
    r"|college|campus"
    r"|engineer(?:ing)?|technology|technical|tech|junior|senior|associate|entry|level|full|part|time|remote"
    r"|hybrid|on-?site"
    r"|the|and|of|for|in|at|a|an|to|m|w|f|d|x|i+|[0-9]+|month|months|weeks?|paid|opportunit(?:y|ies)|role"
    r"|position|job|general"
    r"|application|interest|fresher|get|batch|class|undergraduate|bachelor|master|phd|mba|bs|ms|it|industrial"
    r"|training"
    r"|placement|year|analyst|specialist|fellow(?:ship)?s?|talent|pool|community)\b|[\W_]+",
    re.IGNORECASE,
)
# In this order: what a job manages or sells comes before what that is made of; `software` is said last.
_FAMILIES: tuple[tuple[str, str], ...] = (
    (
        "other",
        r"(?<!system )(?<!information )security (?:guards?|officers?|operators?|supervisor)|physical security"
        r"|\bprotective operations"
        r"|lead security officer",
    ),
    (
        "product",
        r"product (?:manage\w*|owner|lead|analyst|associate|operations|strateg\w+|specialist|opportunit\w+)|\bapm\b"
        r"|(?:technical )?program(?:me)? manage\w*|\btpm\b|scrum master"
        r"|(?:technical|it|software|digital) project manage\w*"
        r"|produktmanage\w*|chef(?:fe)? de produit|gesti[o\u00f3]n de producto|jefe de producto",
    ),
    (
        "business",
        r"(?:sales|solutions?|customer(?: success)?|pre-?sales|field) (?:engineer|architect)\w*"
        r"|customer success|account (?:exec\w*|manage\w*)"
        r"|\btechnical account|partner manager|sales development|business development|recruit(?:er|ing|ment)"
        r"|talent (?:acquisition|partner)",
    ),
    (
        "quality",
        r"\bqa\b|quality (?:assurance|engineer\w*|control|analyst)|\bsdet\b|software test\w*"
        r"|test (?:engineer\w*|automation|analyst)"
        r"|(?<!penetration )tester\b|in test\b|validation engineer|automation testing|qualit\u00e4tssicherung"
        r"|assurance qualit\u00e9|aseguramiento de calidad"
        r"|testeur",
    ),
    (
        "security",
        r"(?:cyber|info(?:rmation)?|network|application|cloud|product"
        r"|it|data|platform|enterprise|offensive|infrastructure)[- ]?sec(?:urity)?\b"
        r"|security (?:engineer|analyst|research|architect"
        r"|consult|operations|specialist|software|assurance|compliance|automation|detection)\w*"
        r"|cyber ?security|cyber-?security|appsec|infosec|devsecops|penetration test\w*|pentest\w*"
        r"|\bsoc analyst|red team|blue team|malware"
        r"|threat|vulnerabilit\w+|cryptograph\w+|forensic\w*|\bsecurity\b|it-?sicherheit|informationssicherheit"
        r"|netzwerksicherheit"
        r"|cybers\u00e9curit\u00e9|s\u00e9curit\u00e9 informatique|ciberseguridad|seguridad inform\u00e1tica"
        r"|\bcyber\b|\bisso\b",
    ),
    (
        "machine_learning",
        r"machine[- ]learning|deep[- ]learning|\bml\b|\bmle\b|\bmlops\b|\bai\b|\ba\.i\.|artificial intelligence"
        r"|\bgen ?ai\b|\bllms?\b|\bnlp\b|natural language"
        r"|computer vision|reinforcement learning|prompt engineer|perception|k\u00fcnstliche intelligenz|\bki\b"
        r"|maschinelles lernen"
        r"|intelligence artificielle|\bia\b|apprentissage (?:automatique|profond)|inteligencia artificial"
        r"|aprendizaje autom\u00e1tico",
    ),
    (
        "full_stack",
        r"full[- ]?stack|\bmern\b|\bmean stack",
    ),
    (
        "mobile",
        r"\bmobile\b|\bios\b|android|flutter|react native|\bswift\b|\bkotlin\b|app-?entwickl\w+"
        r"|d\u00e9veloppeu\w+ mobile",
    ),
    (
        "frontend",
        r"front[- ]?end|\bui (?:software|programm\w+|engineer|developer|development)"
        r"|web (?:developer|development|designer)"
        r"|\breact\b|\bangular\b|\bvue\b"
        r"|javascript|webentwickl\w+|d\u00e9veloppeu\w+ web|desarrollador\w* web",
    ),
    (
        "backend",
        r"back[- ]?end|server[- ]side|\bapi (?:engineer|developer)|\bjava\b|\bgolang\b|node\.?js|\bdjango\b"
        r"|microservices|\.net\b|\bphp\b",
    ),
    (
        "embedded",
        r"embedded|firmware|\brtos\b|device driver|\bbsp\b|robotic\w*|mechatronic\w*|avionics|flight software"
        r"|\biot\b|autopilot|\bgnc\b"
        r"|eingebettete|syst\u00e8mes embarqu\u00e9s|embarqu\u00e9|sistemas embebidos|robotik|robotique"
        r"|rob\u00f3tica",
    ),
    (
        "hardware",
        r"hardware|\basic\b|\bfpga\b|\bvlsi\b|\brtl\b|\bsoc\b|\bcpu\b|\bgpu\b|silicon|analog\b|mixed[- ]signal"
        r"|\bpcb\b|circuit|physical design|design verification"
        r"|verification engineer|electrical|electronics?|semiconductor|\brf\b|optical|photonic\w*"
        r"|signal integrity|power electronics"
        r"|elektrotechnik|elektronik|\u00e9lectroni\w+|\u00e9lectrique|electr\u00f3nic\w+|el\u00e9ctric\w+"
        r"|mechanical|manufacturing|thermal"
        r"|maschinenbau|m\u00e9canique|mec\u00e1nic\w+|\bcad\b|aerospace|automotive engineer|industrial engineer\w*",
    ),
    (
        "cloud_devops",
        r"devops|\bsre\b|site reliability|\bcloud\b|infrastructure|platform engineer\w*"
        r"|systems? (?:admin\w*|engineer)|network (?:engineer\w*|admin\w*|operations)"
        r"|linux|kubernetes|data ?cent(?:er|re)|production engineer|systemadministrat\w+"
        r"|administrat\w+ syst\u00e8me|administrador de sistemas|build engineer|release engineer",
    ),
    (
        "research",
        r"research\w*|\bscientist\b(?<!data scientist)|quantitative|\bquant\b|algorithm\w*|forschung\w*"
        r"|wissenschaftl\w+|recherche|investigaci[o\u00f3]n|postdoc\w*|physicist",
    ),
    (
        "data",
        r"data (?:scien\w+|engineer\w*|analy\w+|platform|warehouse"
        r"|visuali[sz]ation|manage\w*|governance|quality|collection|operations|specialist|integration)"
        r"|\bdata\b|analytics|business intelligence|\bbi\b|\betl\b|big data|database|\bdba\b|\bsql\b"
        r"|statistic\w*|daten\w*|donn\u00e9es|\bdatos\b|\bgis\b",
    ),
    (
        "design",
        r"\bux\b|\bui\b|user experience"
        r"|(?:product|graphic|visual|interaction"
        r"|motion|industrial|web|game|brand|content) design\w*|designer\b"
        r"|animat\w+|illustrat\w+"
        r"|\b3d artist|video editor|grafik\w*|gestaltung|graphisme|graphiste|dise\u00f1\w+",
    ),
    (
        "business",
        r"\bsales\b|marketing|\bhr\b|human resources|people (?:operations|partner|analytics)|financ\w*"
        r"|account(?:ing|ant)s?|\btax\b|\baudit\w*|legal|counsel|paralegal"
        r"|communications|social media|content|copywrit\w*|\bseo\b|supply chain|procurement|logistics|business"
        r"|strateg\w+|consult\w+|customer|client|partnerships?"
        r"|operations|invest\w+|trad(?:er|ing)|actuar\w+|policy|economi\w+|compliance|\brisk\b"
        r"|\bproject (?:manage\w*|coordinator)|public relations|events?\b|administrati\w+"
        r"|vertrieb\w*|personal(?:wesen|abteilung|referent\w*)|buchhaltung|einkauf|controlling"
        r"|unternehmenskommunikation|ressources humaines|comptab\w+|achats"
        r"|commercial\w*|ventas|recursos humanos|contabilidad|finanzas|mercadeo|insurance|banking|chief of staff",
    ),
    (
        "software",
        r"software|product engineer|\bswe\b|\bsde\b|develop(?:er|ment)\b|programm(?:er|ing|ierer\w*)|engineering"
        r"|full[- ]?cycle"
        r"|computer science|\bapplications?\b|\bgames?\b|blockchain"
        r"|member of technical staff|forward deployed|informatik\w*|entwickl\w+|softwareentwickl\w+"
        r"|d\u00e9velopp\w+|logiciel|informatique|desarroll\w+|programador\w*|inform\u00e1tica"
        r"|python|c\+\+|compiler|distributed systems|simulation|graphics|rust\b",
    ),
)
_PATTERNS = tuple((family, re.compile(words, re.IGNORECASE)) for family, words in _FAMILIES)
# A part that says only `software` leaves the word to a later part about one of these.
_KINDS_OF_SOFTWARE = frozenset(
    {
        "backend", "frontend", "full_stack", "mobile", "data", "machine_learning", "cloud_devops", "security",
        "embedded", "hardware", "quality",
    }
)  # fmt: skip
# What a description speaks of, in lower case.
_DESCRIBED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("backend", ("backend", "back-end", "server-side", "microservices")),
    ("frontend", ("frontend", "front-end", "user interfaces")),
    ("full_stack", ("full stack", "full-stack", "fullstack")),
    ("mobile", ("mobile app", " ios ", "android")),
    ("machine_learning", ("machine learning", "deep learning", "computer vision", " llm")),
    ("data", ("data analysis", "data pipeline", "data engineering", "data science", "dashboard")),
    ("cloud_devops", ("devops", "cloud infrastructure", "ci/cd")),
    ("security", ("cybersecurity", "cyber security", "vulnerabilit", "penetration test")),
    ("embedded", ("embedded", "firmware", "microcontroller")),
    ("hardware", (" pcb", "circuit", "fpga", "schematic", "solidworks")),
    ("quality", ("test cases", "test plans", "quality assurance")),
    ("research", ("research paper", "publications")),
    ("product", ("product roadmap", "product manage")),
    ("design", ("wireframe", "figma", "user research", "visual design")),
    ("business", ("marketing", "sales", "financial", "recruiting", "social media")),
)
_OF_SOFTWARE = ("software", "coding", "programming")


def find_role_family(title: str, description: str) -> str:
    """One of ROLE_FAMILIES: the first part of the title that names one; `other` when nothing does."""
    families = [family for part in _part.split(title) if (family := _read_part(part))]
    if families:
        first, *rest = families
        if first == "software":
            return next((family for family in rest if family in _KINDS_OF_SOFTWARE), first)
        return first
    if _says_nothing.sub("", title):
        return "other"
    return _read_description(description[:MOST_READ])


def _read_part(part: str) -> str | None:
    return next((family for family, words in _PATTERNS if words.search(part)), None)


def _read_description(description: str) -> str:
    lowered = lower_in_place(description)
    counts = {family: sum(lowered.count(word) for word in words) for family, words in _DESCRIBED}
    best = max(counts, key=counts.__getitem__)
    if counts[best] >= LEAST_MENTIONS:
        return best
    of_software = sum(lowered.count(word) for word in _OF_SOFTWARE)
    return "software" if of_software >= LEAST_MENTIONS else "other"
