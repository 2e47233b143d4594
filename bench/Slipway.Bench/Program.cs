using Slipway.Bench;
using Slipway.Bench.Machine;

if (args is [Yardstick.Verb])
{
    await Yardstick.ServeAsync();
    return 0;
}

return await BenchCommand.Create().Parse(args).InvokeAsync();
