import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.title import department, seniority


@pytest.mark.parametrize(
    ("title", "level", "part"),
    [
        ("CEO", "executive", "management"),
        ("C.E.O.", "executive", "management"),
        ("Founder", "executive", "management"),
        ("Co-Founder & CTO", "executive", "engineering"),
        ("CTO", "executive", "engineering"),
        ("CIO", "executive", "it"),
        ("CFO", "executive", "finance"),
        ("COO", "executive", "operations"),
        ("Chief Marketing Officer", "executive", "marketing"),
        ("Chief Information Security Officer", "executive", "it"),
        ("President", "executive", "management"),
        ("Managing Director", "executive", "management"),
        ("Partner", "executive", "management"),
        ("Owner", "executive", "management"),
        ("Chairman of the Board", "executive", "management"),
        ("SVP & CTO", "executive", "engineering"),
        ("Geschäftsführer", "executive", "management"),
        ("GESCHÄFTSFÜHRERIN", "executive", "management"),
        ("Vorstand", "executive", "management"),
        ("Inhaber", "executive", "management"),
        ("Directeur Général", "executive", "management"),
        ("Gérante", "executive", "management"),
        ("PDG", "executive", "management"),
        ("Director General", "executive", "management"),
        ("Gerente general", "executive", "management"),
        ("Amministratore Delegato", "executive", "management"),
        ("VP of Engineering", "vp", "engineering"),
        ("V.P., Sales", "vp", "sales"),
        ("Vice President Finance", "vp", "finance"),
        ("Vice-Présidente Marketing", "vp", "marketing"),
        ("Vizepräsident", "vp", None),
        ("Assistant Vice President", "vp", None),
        ("Head of IT", "director", "it"),
        ("Global Head, People", "director", "people"),
        ("Director of Product", "director", "product"),
        ("Assistant Director", "director", None),
        ("General Manager", "director", "management"),
        ("Chief Architect", "director", "engineering"),
        ("Chief of Staff to the CEO", "director", "management"),
        ("Directrice marketing", "director", "marketing"),
        ("Director de Operaciones", "director", "operations"),
        ("Leiter IT", "director", "it"),
        ("Vertriebsleiterin", "director", "sales"),
        ("Product Manager", "manager", "product"),
        ("Product Marketing Manager", "manager", "marketing"),
        ("Sales Operations Manager", "manager", "sales"),
        ("Assistant Manager, Store", "manager", None),
        ("Team Lead", "manager", None),
        ("Lead Designer", "manager", "design"),
        ("Teamleiter Vertrieb", "manager", "sales"),
        ("Responsable des achats", "manager", "procurement"),
        ("Chef de projet", "manager", "operations"),
        ("Gerente de ventas", "manager", "sales"),
        ("Jefa de compras", "manager", "procurement"),
        ("Assistant to the CEO", "staff", "management"),
        ("CEO Assistant", "staff", "management"),
        ("Executive Assistant", "staff", None),
        ("Assistentin der Geschäftsführung", "staff", "management"),
        ("Advisor to the Board", "staff", "management"),
        ("Office of the CFO", "staff", "finance"),
        ("Product Owner", "staff", "product"),
        ("HR Business Partner", "staff", "people"),
        ("Account Executive", "staff", "sales"),
        ("Lead Generation Specialist", "staff", "sales"),
        ("Sales Engineer", "staff", "sales"),
        ("Software Engineer", "staff", "engineering"),
        ("Softwareentwickler", "staff", "engineering"),
        ("Data Engineer", "staff", "data"),
        ("Security Engineer", "staff", "it"),
        ("IT Support Specialist", "staff", "it"),
        ("Technical Support", "staff", "support"),
        ("UX Designer", "staff", "design"),
        ("Technical Recruiter", "staff", "people"),
        ("Legal Counsel", "staff", "legal"),
        ("Accountant", "staff", "finance"),
        ("Einkäufer", "staff", "procurement"),
        ("Direct Sales", "staff", "sales"),
        ("Student", "staff", None),
        ("Itinerant", "staff", None),
        ("директор", None, None),
        ("42", None, None),
        ("-", None, None),
        ("", None, None),
    ],
)
def test_a_title_tells_level_and_department(title: str, level: str | None, part: str | None) -> None:
    assert (seniority(title), department(title)) == (level, part)


@given(st.text())
def test_any_title_can_be_read(title: str) -> None:
    assert seniority(title) in {"executive", "vp", "director", "manager", "staff", None}


@given(st.sampled_from(["VP of Sales", "Head of IT", "CEO", "Product Manager", "Clerk"]))
def test_case_and_spaces_do_not_matter(title: str) -> None:
    assert seniority(f"  {title.upper()} ") == seniority(title)
