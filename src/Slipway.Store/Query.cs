using System.Data.Common;

namespace Slipway.Store;

/// <summary>A statement that reads, and what becomes of each of its rows: so that several can travel together.</summary>
public sealed record Query(Sql Sql, Action<DbDataReader> Take);
