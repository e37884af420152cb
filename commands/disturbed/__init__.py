"""What a first `pulumi up` does when GitHub or the engine fails it, and whether the next one makes it good.

A trial starts from a saved moment: a stack that is declared and was never applied. It is disturbed once, run again as an
operator would, and then compared with a run that nothing disturbed.
"""
