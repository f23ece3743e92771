// One import is enough for a backend: what the types here are made of comes along.
@_exported public import GerbangCore
@_exported public import GerbangHTTP
@_exported public import GerbangJSON
