using Slipway.Testing;

namespace Slipway.Conformance.Tests;

/// <summary>The recordings, on SQLite.</summary>
public sealed class ConformanceOnSqlite() : ConformanceContract(Fresh.SqliteAsync);
