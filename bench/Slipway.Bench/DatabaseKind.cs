namespace Slipway.Bench;

internal enum DatabaseKind
{
    Sqlite,
    Postgres,
}
