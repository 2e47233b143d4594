using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Limits;

/// <summary>When memory is given back.</summary>
public sealed class IdleMemoryTests
{
    private readonly ManualTime _time = new();
    private int _given;

    [Fact]
    public async Task It_is_given_back_once_after_each_load_and_never_while_one_lasts()
    {
        await using var memory = new IdleMemory(_time, () => _given++);

        for (var look = 0; look < 5; look++)
        {
            memory.Note();
            _time.Advance(IdleMemory.Pace);
        }

        Assert.Equal(0, _given);
        _time.Advance(IdleMemory.Pace);
        Assert.Equal(1, _given);
        _time.Advance(IdleMemory.Pace * 10);
        Assert.Equal(1, _given);

        memory.Note();
        _time.Advance(IdleMemory.Pace);
        Assert.Equal(1, _given);
        _time.Advance(IdleMemory.Pace);
        Assert.Equal(2, _given);
    }

    [Fact]
    public async Task A_server_answers_on_after_it_gave_memory_back()
    {
        await using var place = await Fresh.SqliteAsync();
        await using var server = await TestServer.StartAsync(place, _time);
        (await server.Client.PostAsync("registered-models/create", new { name = "iris" })).Ok();

        _time.Advance(IdleMemory.Pace * 3);

        (await server.Client.GetAsync("registered-models/get", ("name", "iris"))).Ok();
        (await server.Client.PostAsync("registered-models/create", new { name = "rose" })).Ok();
    }
}
