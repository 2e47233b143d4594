using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Slipway.Bench.Load;

namespace Slipway.Bench.Machine;

/// <summary>An endpoint that reads a small JSON record and writes one, in a server set up as ours is, and does nothing else; asked for a file, it sends that.</summary>
internal static class Yardstick
{
    /// <summary>The hidden argument with which this program is the yardstick's server.</summary>
    public const string Verb = "yardstick";

    /// <summary>What is posted here is not looked at, and always gets the same answer: the least that a model's server can do.</summary>
    public const string ConstantPath = "/constant";

    private static readonly byte[] Constant = """{"predictions":[{"label":0,"probabilities":[0.9,0.1,0]}]}"""u8.ToArray();

    /// <summary>What is sent to it: the body of a log-metric.</summary>
    public static readonly Operation Operation = new(
        Template.Post("/", """{"run_id":"################################","key":"loss","value":0.5,"timestamp":17###########,"step":1#########}"""),
        (request, number) =>
        {
            request.Write(0, number);
            request.Write(1, number);
            request.Write(2, number);
        });

    public static async Task ServeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = Verb });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        await using var web = builder.Build();
        web.Run(context => context.Request.Path == ConstantPath ? AnswerConstantAsync(context)
            : context.Request.Query["file"] is [{ } file] ? context.Response.SendFileAsync(file, context.RequestAborted) : AnswerAsync(context));
        await web.StartAsync();
        await Console.Out.WriteLineAsync(web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await web.WaitForShutdownAsync();
    }

    private static async Task AnswerConstantAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = Constant.Length;
        await context.Response.BodyWriter.WriteAsync(Constant, context.RequestAborted);
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var asked = await context.Request.ReadFromJsonAsync(YardstickJson.Default.YardstickRequest, context.RequestAborted);
        var answer = JsonSerializer.SerializeToUtf8Bytes(new YardstickAnswer(asked!.Key, asked.Step), YardstickJson.Default.YardstickAnswer);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Length;
        await context.Response.BodyWriter.WriteAsync(answer, context.RequestAborted);
    }
}

internal sealed record YardstickRequest(string RunId, string Key, double Value, long Timestamp, long Step);

internal sealed record YardstickAnswer(string Key, long Step);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(YardstickRequest))]
[JsonSerializable(typeof(YardstickAnswer))]
internal sealed partial class YardstickJson : JsonSerializerContext;
