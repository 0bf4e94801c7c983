"""The pages people work on: server-rendered, Vietnamese first, on the same use cases as the API."""
