"""The grading service: an HTTP endpoint that asks a language model, and trusts nothing it says.

The model only labels criteria and quotes the learner; `judge` checks every quote and computes the
score. Who talks to whom:

    app ─ guards, limiting ─▶ grading ─▶ model ─▶ asking ─▶ upstream ─▶ an endpoint
                                           ├─▶ judge: from labels to a result
                                           └─▶ the checklist, whenever the model cannot be had
"""
