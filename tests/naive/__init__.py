"""The slow twin: the whole model as plain Mesa agents, with ordinary Python numbers.

Start here to learn the model. Every rule is a small function of one agent, written with the standard
names of the paper; `model.NaiveModel.step` lists the stages of a week in order, and each file of
`stages` states the rules of one of them. Nothing is compiled and nothing is clever.

It serves three readers: the student, who reads it first; the tests, for which it is the oracle (the
compiled model in `sim` must give the same bits); and the benchmark, whose speed peer it is.

Where two orders of the same sum would round differently, the order is part of the rule and a comment
says so: sums run over members in the order of their names in the region.
"""
