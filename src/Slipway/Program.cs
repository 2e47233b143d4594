using Slipway.Server;

await using var server = await SlipwayServer.StartAsync(new ServerOptions());
Console.WriteLine(server.Address);
await server.WaitAsync(default);
