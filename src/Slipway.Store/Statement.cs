using System.Data.Common;

namespace Slipway.Store;

/// <summary>A statement with its parameters set, lent until disposed.</summary>
internal readonly struct Statement : IDisposable
{
    private readonly DbCommand? _command;
    private readonly DbBatch? _batch;
    private readonly bool _isOwned;

    public Statement(DbCommand command, bool owned) => (_command, _isOwned) = (command, owned);

    /// <summary>The last of a batch: those before it are only to be run.</summary>
    public Statement(DbBatch batch) => (_batch, _isOwned) = (batch, true);

    public Task<DbDataReader> ReadAsync(CancellationToken cancellationToken) =>
        _batch?.ExecuteReaderAsync(cancellationToken) ?? _command!.ExecuteReaderAsync(cancellationToken);

    /// <summary>The first column of the first row, where the database is in this process and nothing is waited for.</summary>
    public object? Scalar() => _command!.ExecuteScalar();

    /// <summary>Answers how many rows the statement changed.</summary>
    public async Task<int> ExecuteAsync(CancellationToken cancellationToken)
    {
        if (_batch is null)
        {
            return await _command!.ExecuteNonQueryAsync(cancellationToken);
        }

        await _batch.ExecuteNonQueryAsync(cancellationToken);
        return _batch.BatchCommands[^1].RecordsAffected;
    }

    public void Dispose()
    {
        if (_isOwned)
        {
            _command?.Dispose();
            _batch?.Dispose();
        }
    }
}
