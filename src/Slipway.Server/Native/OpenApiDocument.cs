using System.Text.Json.Nodes;
using Slipway.Server.Routing;
using Slipway.Wire.Json;
using Slipway.Wire.Native;

namespace Slipway.Server.Native;

/// <summary>Describes the native API as OpenAPI 3.1, from the routes themselves.</summary>
internal static class OpenApiDocument
{
    private const string ApiVersion = "1";

    public static JsonObject Of(IEnumerable<Route> routes, string prefix)
    {
        var paths = new JsonObject();
        foreach (var path in routes.Where(route => route.Shape is not null).GroupBy(route => PathOf(route, prefix)).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            paths[path.Key] = new JsonObject(path.Select(route => KeyValuePair.Create<string, JsonNode?>(route.Method.ToLowerInvariant(), Operation(route, path.Key))));
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "Slipway", ["version"] = ApiVersion, ["description"] = "Governance and delivery of registered models. MLflow's own API is served beside it." },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = prefix + NativeApi.Prefix.TrimEnd('/') }),
            ["security"] = new JsonArray(new JsonObject { ["basic"] = new JsonArray() }, new JsonObject { ["bearer"] = new JsonArray() }, new JsonObject()),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = new JsonObject { ["Problem"] = SchemaOf.Type(typeof(Problem)) },
                ["securitySchemes"] = new JsonObject { ["basic"] = Scheme("basic"), ["bearer"] = Scheme("bearer") },
            },
        };
    }

    private static JsonObject Scheme(string name) => new() { ["type"] = "http", ["scheme"] = name };

    // As OpenAPI writes it: below the server's address, and a value that takes the rest of a path is a value like others.
    private static string PathOf(Route route, string prefix) => route.Pattern[(prefix.Length + NativeApi.Prefix.Length - 1)..].Replace("*}", "}", StringComparison.Ordinal);

    private static JsonObject Operation(Route route, string path)
    {
        var shape = route.Shape!;
        var isQuery = route.Method == "GET";
        var operation = new JsonObject
        {
            ["operationId"] = $"{route.Method.ToLowerInvariant()}{string.Concat(path.Split('/', '{', '}', '-').Select(Capitalized))}",
            ["summary"] = shape.Summary,
            ["tags"] = new JsonArray(path.Split('/')[1]),
            ["x-slipway-permission"] = route.Permission.ToString().ToLowerInvariant(),
            ["parameters"] = Parameters(route, path, isQuery),
        };
        if (shape.Request is { } request && !isQuery && WireJson.Of(request).Properties.Count > 0)
        {
            operation["requestBody"] = new JsonObject { ["content"] = Content("application/json", SchemaOf.Type(request)) };
        }

        if (shape.Query is not null && route.Method == "PUT")
        {
            operation["requestBody"] = new JsonObject { ["content"] = Content("application/octet-stream", new JsonObject { ["type"] = "string", ["format"] = "binary" }) };
        }

        operation["responses"] = new JsonObject
        {
            ["200"] = Response("Done.", shape.Response is null ? null : Content("application/json", SchemaOf.Type(shape.Response))),
            ["default"] = Response("It was not done; the problem says why.", Content(Problem.MediaType, new JsonObject { ["$ref"] = "#/components/schemas/Problem" })),
        };
        return operation;
    }

    private static JsonArray Parameters(Route route, string path, bool isQuery)
    {
        var parameters = new JsonArray();
        foreach (var name in path.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}')))
        {
            parameters.Add(Parameter(name, "path", new JsonObject { ["type"] = "string" }));
        }

        if ((isQuery ? route.Shape!.Request ?? route.Shape.Query : route.Shape!.Query) is { } query)
        {
            foreach (var property in WireJson.Of(query).Properties)
            {
                parameters.Add(Parameter(property.Name, "query", SchemaOf.Type(property.PropertyType)));
            }
        }

        if (route.Method == "POST")
        {
            parameters.Add(Parameter(NativeApi.IdempotencyHeader, "header", new JsonObject { ["type"] = "string", ["maxLength"] = 128 }));
        }

        return parameters;
    }

    private static JsonObject Parameter(string name, string place, JsonNode schema)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["schema"] = schema };
        if (place == "path")
        {
            parameter["required"] = true;
        }

        return parameter;
    }

    private static JsonObject Response(string description, JsonObject? content)
    {
        var response = new JsonObject { ["description"] = description };
        if (content is not null)
        {
            response["content"] = content;
        }

        return response;
    }

    private static JsonObject Content(string type, JsonNode schema) => new() { [type] = new JsonObject { ["schema"] = schema } };

    private static string Capitalized(string word) => word.Length == 0 ? "" : char.ToUpperInvariant(word[0]) + word[1..];
}
