using Slipway.Testing;

namespace Slipway.Conformance.Tests;

/// <summary>The recordings, on PostgreSQL.</summary>
[Needs("postgres")]
public sealed class ConformanceOnPostgres() : ConformanceContract(Fresh.PostgresAsync);
