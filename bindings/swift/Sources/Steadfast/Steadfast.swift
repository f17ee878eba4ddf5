// The generated objects and records are the API; this module adds what a Swift app expects around them.
@_exported import SteadfastGenerated
