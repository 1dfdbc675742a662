"""What each code of a finding means, with a wrong and a right example: the text of `waymark explain`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Weight = Literal["mistake", "due", "note"]


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding.

    `wrong` and `right` are lines of `file`, which differ in what is wrong and nothing else. A mistake fails a check,
    what is due fails only a strict one, a note never does.
    """

    title: str
    why: str
    file: str
    wrong: str
    right: str
    weight: Weight = "mistake"


def weight(code: str) -> Weight:
    """Return how much a finding of a code weighs."""
    return CODES[code].weight


def explanation(code: str) -> str:
    """Return the text that explains a code; raise KeyError for one that there is not."""
    each = CODES[code]
    wrong = f"Wrong, in {each.file}:\n\n{_indented(each.wrong)}"
    return f"{code} {each.title}\n\n{each.why}\n\n{wrong}\n\nRight:\n\n{_indented(each.right)}"


def _indented(lines: str) -> str:
    return "\n".join(f"    {line}" for line in lines.splitlines())


_MATHS = "roles/ml-engineer.yaml"
_AI = "roles/ai-engineer.yaml"
_STEPS = "roadmaps/ai-engineer.yaml"

CODES = {
    "KB001": Code(
        "This is not YAML",
        "The file breaks off here for YAML, and nothing in it was read. The usual reasons: a `: ` inside a text, a\n"
        "text that begins with one of [ { * & ! % @ #, a bracket or quote that is not closed, a line that does not\n"
        "line up with its neighbours, a space missing behind a colon or a dash.",
        *("pack.yaml", "- Titles: they are used loosely.\n  Loosely: yes.", '- "Titles: they are used loosely."'),
    ),
    "KB002": Code(
        "Something of YAML's that a pack does not use",
        "Anchors (&), aliases (*), merge keys (<<), tags (!) and second documents (---) make a file say something\n"
        "other than what stands there. Write it out instead.",
        *(_MATHS, "maths: &lot {says: A lot.,", "maths: {says: A lot.,"),
    ),
    "KB003": Code(
        "A character that is not allowed",
        "Tabs, control characters, marks that turn the direction of writing, and files that are not UTF-8 look right\n"
        "and are not. Let your editor save as UTF-8 without BOM and write spaces for tabs.",
        *(_MATHS, "name:\tML engineer", "name: ML engineer"),
    ),
    "KB004": Code(
        "Too big or too deep",
        "A file may have 1 MiB and be nested 40 levels deep; whatever passes that is no page of knowledge.",
        *(_MATHS, f"also-called: {'[' * 41}ml{']' * 41}", "also-called: [ml]"),
    ),
    "KB005": Code(
        "A file that is no part of a pack",
        "A pack has pack.yaml, sources.yaml, aspects.yaml, skills.yaml, tools.yaml, fit.yaml, gone.yaml, and the\n"
        "folders roles, topics, figures and roadmaps; docs/pack.md has the table. Other YAML files, links that lead\n"
        "out of the folder and files that cannot be opened are refused rather than passed over.",
        *("role/analyst.yaml", "name: Analyst", "# the folder is `roles`: roles/analyst.yaml"),
    ),
    "KB006": Code(
        "A key that is not known here",
        "Most often a slip of the finger. Between { } a comma ends a text, and the rest of the text is taken for a\n"
        "key: put quotes round a text that holds a comma.",
        *(_MATHS, "nearst: ai-engineer", "nearest: ai-engineer"),
    ),
    "KB007": Code(
        "Something is missing",
        "A key that has to be there is not, or nothing stands behind a key.",
        *("aspects.yaml", "  also-called: [salary]\n", "  also-called: [salary]\n  review-months: 6\n"),
    ),
    "KB008": Code(
        "Another form belongs here",
        "A text stands where a list belongs, or a list where keys belong.",
        *(_MATHS, "also-called: ml", "also-called: [ml]"),
    ),
    "KB009": Code(
        "A key stands twice",
        "YAML would keep the second and drop the first without a word.",
        *(_MATHS, "name: ML engineer\nname: Machine learning engineer", "name: ML engineer"),
    ),
    "KB010": Code(
        "This cannot be an id",
        "An id is made of small letters, digits and hyphens, the key of a question or choice is one letter or digit.\n"
        "Ids are promises: people's progress and old buttons hang on them.",
        *("skills.yaml", "Num_Py: {name: NumPy, also-called: [np]}", "numpy: {name: NumPy, also-called: [np]}"),
    ),
    "KB011": Code(
        "A word that is not known here",
        "This field takes one of a few words.",
        *("sources.yaml", "  kind: vendro", "  kind: vendor"),
    ),
    "KB012": Code(
        "A statement without a source",
        "Whatever a source says names it with `from`. If no source says it, the word is `not-said`; if it is our own,\n"
        "it belongs in a field that is ours, such as a title, a task or `tip`.",
        *(_MATHS, "maths: {says: A lot., degree: 4}", "maths: {says: A lot., from: guide, degree: 4}"),
    ),
    "KB013": Code(
        "Two bare values",
        "Where sources disagree, say on what, and let each view keep its sources; where they do not, write two\n"
        "statements, each under a key.",
        _AI,
        "salary: {says: [Slightly less than the other., The same.], from: [guide, letter]}\n",
        "salary:\n"
        "  disagree: Who is paid more\n"
        "  views:\n"
        "    - {says: Slightly less than the other., from: guide, region: india, year: 2025}\n"
        "    - {says: The same., from: letter}\n",
    ),
    "KB014": Code(
        "Not a number that can stand here",
        "Hours, months, degrees (0 to 4) and points (1 to 10) are whole numbers in digits.",
        *(_MATHS, "degree: high", "degree: 4"),
    ),
    "KB015": Code(
        "Not a date",
        "Dates are written year first: 2026, 2026-06 or 2026-06-01; `read-on` needs the day.",
        *("sources.yaml", "  read-on: 21.11.2026", "  read-on: 2026-11-21"),
    ),
    "KB016": Code(
        "Not a figure",
        "A figure is one number (141000), a range with the lower end first (6-10), at least (90000+) or `not-said`;\n"
        "no commas, no currency: the unit stands once, at the top of the table.",
        *("figures/pay-india.yaml", "fresher: 10-6", "fresher: 6-10"),
    ),
    "KB017": Code(
        "Not a unit",
        "Money is `lakh INR a year`, `thousand USD a month`, `EUR a hour` and so on; the\n"
        "others are `months`, `hours` and `postings`.",
        *("figures/pay-india.yaml", "unit: LPA", "unit: lakh INR a year"),
    ),
    "KB018": Code(
        "A text that is too long",
        "Answers are read on a phone, and Slack and Discord cut what passes their limits: 240 characters for what a\n"
        "source says, 100 for titles and questions, 75 for what stands on a button.",
        *("fit.yaml", f"says: Under five{' hours' * 12}", "says: Under five"),
    ),
    "KB019": Code(
        "An id that is given twice",
        "Two files declare the same id, so nothing can refer to one of them.",
        *(_STEPS, "      own-module:\n        {title: Add two", "      add-arrays:\n        {title: Add two"),
    ),
    "KB020": Code(
        "An id that stands nowhere",
        "What is referred to has to be declared: a source in sources.yaml, a statement by file, aspect and key\n"
        "(ai-engineer.maths.level), and so on.",
        *(_MATHS, "from: gide, degree: 4", "from: guide, degree: 4"),
    ),
    "KB021": Code(
        "Not a link",
        "A link begins with https:// and holds no spaces.",
        *("sources.yaml", "url: guide.example/careers", "url: https://guide.example/careers"),
    ),
    "KB022": Code(
        "Too few or too many",
        "A step has three to eight tasks and up to three resources, a question two to five choices, a disagreement\n"
        "at least two views, the questionnaire at least five questions.",
        *("roadmaps/short.yaml", "tasks: [first-script, make-array]", "tasks: [first-script, make-array, slice-array]"),
    ),
    "KB023": Code(
        "A task that is too short or too long",
        "A task is what one can do today: 20 to 120 minutes. Join small ones, split long ones.",
        *(_STEPS, "minutes: 150", "minutes: 120"),
    ),
    "KB024": Code(
        "A line over 100 characters",
        "Long lines are hard to review. Write `>-` behind the key and the text below it, indented.",
        _MATHS,
        "# This line is a comment that somebody wrote without ever taking a look at the right edge of the page.\n"
        "nearest: ai-engineer",
        "nearest: ai-engineer",
    ),
    "KB025": Code(
        "A name that means two things",
        "Who types it would get one of the two, and never learn of the other.",
        *("aspects.yaml", "also-called: [math, ml]", "also-called: [math]"),
    ),
    "KB026": Code(
        "Steps that need each other",
        "Nobody could begin with any of them.",
        *(_STEPS, "    title: The ground\n    needs: [arrays]\n", "    title: The ground\n"),
    ),
    "KB027": Code(
        "A skill that is taught twice",
        "Who knows a skill is not asked again. If the second step goes deeper, it teaches another skill.",
        *(_STEPS, "skills: [numpy, python]", "skills: [numpy]"),
    ),
    "KB028": Code(
        "A step that is shorter than its tasks",
        "The hours of a step hold its tasks and the practice between them.",
        *(_STEPS, "    hours: 2", "    hours: 6"),
    ),
    "KB029": Code(
        "Points without a reason",
        "Points are ours; why an answer speaks for a role is a source's, and is shown to who asks.",
        "fit.yaml",
        "points: {ai-engineer: 2}\n      b:",
        "points: {ai-engineer: 2}\n        because: {says: It is the work., from: guide}\n      b:",
    ),
    "KB030": Code(
        "Points in a constraint",
        "Months, money and degrees say what is possible, not what one likes: they are reported beside the result.",
        "fit.yaml",
        "        says: Under five\n        points: {ml-engineer: 1}",
        "        says: Under five",
    ),
    "KB031": Code(
        "A question that names a role",
        "Who sees a title answers the title. Ask about the work.",
        *("fit.yaml", "asks: Do you see yourself as an ML engineer?", "asks: Which problem holds you longer?"),
    ),
    "KB032": Code(
        "Not five questions first",
        "Five questions are always asked, at least four of them about interest; the others are offered when the\n"
        "result is close.",
        "fit.yaml",
        "    about: constraint\n    first: no",
        "    about: constraint\n    first: yes",
    ),
    "KB033": Code(
        "A link to a seller",
        "Who sells is a source with an interest; the next step of a roadmap is no place for their shop.",
        _STEPS,
        'url: "https://guide.example/python-course"',
        'url: "https://docs.python.org/3/tutorial/"',
    ),
    "KB034": Code(
        "A task in the wrong roadmap",
        "A variant arranges the tasks of the roadmap that it varies: each at most once, no others.",
        *("roadmaps/short.yaml", "[first-script, make-array, first-script]", "[first-script, make-array, slice-array]"),
    ),
    "KB035": Code(
        "Points for a role that does not take part",
        "The roles at the top of fit.yaml are the ones that the questionnaire tells apart.",
        *("fit.yaml", "points: {data-scientist: 2}", "points: {ai-engineer: 2}"),
    ),
    "KB036": Code(
        "Pay without a place, or in another currency",
        "Rupees and dollars never share a scale. A table of pay has a region, and all tables of a region one currency.",
        *("figures/pay-india.yaml", "aspect: salary\n", "aspect: salary\nregion: india\n"),
    ),
    "KB037": Code(
        "A review that is due",
        "Pay is read again every 6 months, tools every 12, definitions every 24: `review-months` in aspects.yaml says\n"
        "so. Read the source again, mend what has changed, and write the new date. Only `--strict` fails on this.",
        *("sources.yaml", "read-on: 2026-01-21", "read-on: 2026-11-21"),
        weight="due",
    ),
    "KB038": Code(
        "A question that nobody looked at",
        "Neither a statement nor a `not-said`: it is not known whether the sources say something. This fails nothing.",
        "roles/data-scientist.yaml",
        "# nothing about salary",
        "not-said: {salary: The Guide leaves it out.}",
        weight="note",
    ),
    "KB039": Code(
        "An id that went away without a word",
        "People's progress and old buttons hang on ids. `--against OLD` compares with an older version of the pack.",
        *("gone.yaml", "# nothing about `old-script`", "old-script: {renamed-to: first-script}"),
    ),
    "KB040": Code(
        "A tombstone that misleads",
        "gone.yaml names an id that is still in use, one that stands nowhere, or leads in a circle.",
        *("gone.yaml", "old-step: {merged-into: fundations}", "old-step: {merged-into: foundations}"),
    ),
    "KB041": Code(
        "A link that leads nowhere",
        "`--links` tried it and got no page. Offline, every link fails.",
        *(_STEPS, 'url: "https://docs.python.org/no-such-page"', 'url: "https://docs.python.org/3/tutorial/"'),
    ),
    "KB042": Code(
        "A questionnaire that cannot be trusted",
        "Thousands of sheets of answers were tried: every role must be able to lead alone, every question must be\n"
        "able to change who leads, and more of a liked activity must never lower the role that it counts for.",
        *("fit.yaml", "roles: [ai-engineer, ml-engineer, data-scientist]", "roles: [ai-engineer, ml-engineer]"),
    ),
}
