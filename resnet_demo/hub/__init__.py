"""The Hugging Face Hub and who is signed in there: accounts, their tokens, what its refusals mean.

Must not depend on any other part: what is saved, loaded or run there is known by those who do it.
"""
