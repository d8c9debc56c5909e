"""Role families of jobs by their titles."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from internflow.listings.roles import ROLE_FAMILIES, find_role_family


@pytest.mark.parametrize(
    ("title", "family"),
    [
        ("Software Engineer Intern", "software"),
        ("Software Engineer Intern - Backend", "backend"),
        ("Java Developer Trainee", "backend"),
        ("Intern, Frontend (React)", "frontend"),
        ("Full-Stack Engineer", "full_stack"),
        ("iOS Engineer - Commerce", "mobile"),
        ("Data Analyst Intern", "data"),
        ("Marketing Data Analyst", "data"),
        ("Data Scientist, Marketing", "data"),
        ("Machine Learning Engineer I - Message Security Products", "machine_learning"),
        ("Computer Vision Intern", "machine_learning"),
        ("DevOps Engineering Internship", "cloud_devops"),
        ("Product Security Engineer", "security"),
        ("Senior Web Application Penetration Tester", "security"),
        ("Software Engineer II - Message Security Products", "security"),
        ("FPGA Design Intern", "hardware"),
        ("Mechanical Engineering Intern", "hardware"),
        ("Embedded Firmware Engineer Intern", "embedded"),
        ("QA Automation Intern", "quality"),
        ("Research Intern - Data", "research"),
        ("Senior Product Manager, Application Security", "product"),
        ("UI/UX Designer Intern", "design"),
        ("Product Design Intern", "design"),
        ("Human Resources Intern", "business"),
        ("Security Sales Engineer", "business"),
        ("Physical Security Specialist", "other"),
        ("Nurse", "other"),
        ("Werkstudent Softwareentwicklung (m/w/d)", "software"),
        ("Praktikum IT-Sicherheit", "security"),
        ("Praktikant Vertrieb", "business"),
        ("Stage - Développeur web", "frontend"),
        ("Stagiaire en intelligence artificielle", "machine_learning"),
        ("Prácticas - Desarrollador de software", "software"),
        ("Becario de Recursos Humanos", "business"),
    ],
)
def test_a_title_tells_the_family(title: str, family: str) -> None:
    assert find_role_family(title, "machine learning, machine learning") == family


def test_a_title_that_says_nothing_leaves_it_to_the_description() -> None:
    description = "You will train deep learning models. Machine learning is fun; so is programming."
    assert find_role_family("Summer Intern 2027", description) == "machine_learning"
    assert find_role_family("Graduate Engineer Trainee", "Software and coding.") == "software"
    assert find_role_family("Intern", "") == "other"


@given(st.text(), st.text())
def test_any_text_has_a_family(title: str, description: str) -> None:
    assert find_role_family(title, description) in ROLE_FAMILIES


@pytest.mark.parametrize("unit", ["a", " ", "security ", "data - ", "(", "intern "])
def test_hostile_text_takes_no_longer_than_its_length(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    started = time.perf_counter()
    find_role_family(text, text)
    assert time.perf_counter() - started < 3
