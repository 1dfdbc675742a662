"""What the proof of the questionnaire means to an author of packs: findings with places, and how often it ties.

It tries thousands of sheets of answers, which takes longer than all other checks together: `check` runs it by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.pack.load import assemble
from bot.pack.rules.subject import child, text_node
from bot.pack.shapes import finding
from bot.proof import Problem, Proof, Rule, prove

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.errors import Finding
    from bot.pack.draft import Draft

FILE = "fit.yaml"
_REMEDIES = {
    Rule.CAN_WIN: "Give it points in more choices, or take it out of `roles`.",
    Rule.NEEDS_ANSWERS: "Report this: no points in a pack can bring it about.",
    Rule.MATTERS: "Give its choices points for different roles, or delete it.",
    Rule.ORDER: "Report this: no points in a pack can bring it about.",
    Rule.LIKING: "Take care that the choice with more points for a role asks for more of it.",
}


def proof_of(draft: Draft, findings: Sequence[Finding]) -> Proof | None:
    """Try the questionnaire of a draft; None where there is none, or one with mistakes that must go first."""
    fit = assemble(draft).fit
    if fit is None or any(each.file == FILE for each in findings):
        return None
    return prove(fit) if any(question.about == "interest" for question in fit.questions) else None


def breaches(draft: Draft, proof: Proof) -> list[Finding]:
    """Return a finding for each rule that the questionnaire breaks."""
    return [_breach(draft, problem) for problem in proof.problems]


def _breach(draft: Draft, problem: Problem) -> Finding:
    root = draft.roots[FILE]
    question = draft.declared.get("question", {}).get(problem.subject)
    node = question.name if question else text_node(child(root, "roles") or root, problem.subject)
    name = f"Question `{problem.subject}`" if question else f"`{problem.subject}`"
    return finding(FILE, node, "KB042", f"{name} {problem.rule}.", _REMEDIES[problem.rule])


def ties(proof: Proof) -> str:
    """Say how often roles stay tied when everything is answered."""
    return (
        f"fit: roles stay tied on {proof.first.tied:.0%} of {proof.first.sheets:,} sheets of the first questions, "
        f"and on {proof.whole.tied:.0%} of {proof.whole.sheets:,} of all."
    )
