"""The interface for programs under `/api/v1/`: questions with a name, search, parts of the network.

It is described by an OpenAPI document that is made from the same tables as the answers are.
"""
