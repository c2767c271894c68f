"""The slow twin: the whole model as plain Mesa agents, with ordinary Python numbers.

Start here to learn the model. Every rule is a small function of one agent, written with the
standard names of the paper; `naive.model` lists the stages of a week in order, and each file of
`naive.stages` states the rules of one of them. Nothing is compiled and nothing is clever.

It serves three readers: the student, who reads it first; the tests, for which it is the oracle (the
compiled model in `sim` must give the same bits); and the benchmark, whose speed peer it is.

Two orders of the same sum round differently, so the order is part of the rule: unless a comment
says otherwise, sums run over an agent's members in the order of the region's lists.
"""
