import pytest

from internflow.reviews.analyzers.secrets import SecretsAnalyzer

# Put together here, so that no scanner takes this file for a leak.
BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"
KEY = f"-----BEGIN RSA {'PRIVATE'} KEY-----\n{BODY}\nq83kfj29\n"
AWS = "AKIA" + "Q7RZ2PLMX4VBN8TD"
GITHUB = "ghp" + "_wJ4rT9xKq2LmZ8vBn3YcD6sFhG1pQ5eR7aUo"
SLACK = "xoxb-" + "241573849012-2638190455732-kQ9xZ2mVb7Lr4Tn8Ws3Yp6Hd"
STRIPE = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"


def told(text: str, read_as: str = "module.py") -> list[tuple[str, int]]:
    return [(p.rule, p.start_line) for p in SecretsAnalyzer().analyze(text, read_as)]


@pytest.mark.parametrize(
    ("read_as", "text", "rule"),
    [
        ("text.pem", KEY, "secret-private-key"),
        ("module.py", f'key = "-----BEGIN {"PRIVATE"} KEY-----\\n{BODY}"', "secret-private-key"),
        ("module.js", f"const id = '{AWS}'", "secret-cloud-key"),
        ("prose.txt", f"Use {GITHUB} to log in", "secret-service-token"),
        ("script.sh", f"curl -H 'Authorization: Bearer {SLACK}'", "secret-service-token"),
        ("module.java", f'String key = "{STRIPE}";', "secret-service-token"),
        ("module.go", 'db := "postgres://app:kR7zQ2mX9v@db.acme.io/app"', "secret-url-password"),
        ("text.env", "DB_PASSWORD=kR7zQ2mX9v", "secret-password"),
        ("text.yml", "  password: 'kR7z!Q2mX9v'", "secret-password"),
        ("text.json", '  "clientSecret": "a83Kdk29sLq0xB",', "secret-password"),
    ],
)
def test_a_secret_is_found_in_any_text(read_as: str, text: str, rule: str) -> None:
    assert told(f"\n{text}\n", read_as) == [(rule, 2)]


@pytest.mark.parametrize(
    ("read_as", "text"),
    [
        ("module.py", "if 'BEGIN RSA PRIVATE KEY' in text:\n    return False\n"),
        ("module.py", "key = 'AKIAIOSFODNN7EXAMPLE'"),
        ("module.py", "token = 'ghp_" + "x" * 36 + "'"),
        ("module.py", f"key = '{AWS}'  # pragma: allowlist secret"),
        ("module.py", "url = 'postgres://app:kR7zQ2mX9v@localhost/app'"),
        ("module.py", "url = f'postgres://{user}:{password}@{host}/app'"),
        ("module.py", "url = 'https://user:password@example.com/'"),
        ("text.yml", "image: postgres://postgres:postgres@db:5432/app"),
        ("text.yml", "password: ${{ secrets.PASSWORD }}"),
        ("text.yml", "password: $DB_PASSWORD"),
        ("text.yml", "secretName: my-app-tls-2"),
        ("text.yml", "secret_key: 3f2504e0-4f89-11d3-9a0c-0305e82c3301"),
        ("text.yml", "cache_key: v1-9f86d081884c7d659a2feaa0c55ad015"),
        ("text.json", '"password": "Mot de passe oublié 2"'),
        ("text.env", "API_KEY=changeme123"),
        ("text.env", "# DB_PASSWORD=kR7zQ2mX9v"),
        (
            "text.toml",
            'sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"',
        ),
        ("prose.txt", "Set `password: kR7zQ2mX9v` and https://app:kR7zQ2mX9v@acme.io"),
    ],
)
def test_samples_references_hashes_and_what_is_allowed_are_no_secrets(
    read_as: str, text: str
) -> None:
    assert told(text, read_as) == []


def test_long_lines_are_data() -> None:
    assert told(f"{'a' * 2000} {AWS}\n", "module.js") == []


def test_the_message_does_not_repeat_the_secret() -> None:
    (problem,) = SecretsAnalyzer().analyze(f"x = '{GITHUB}'", "module.rb")
    assert problem.message == "A GitHub token in the repository"
