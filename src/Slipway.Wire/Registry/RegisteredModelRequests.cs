namespace Slipway.Wire.Registry;

/// <summary>POST registered-models/create.</summary>
/// <param name="Name">Required; not blank, without <c>/</c> and <c>:</c>, up to 256 characters.</param>
/// <param name="Tags">For one key the last wins.</param>
/// <param name="Description">Free text.</param>
public sealed record CreateRegisteredModelRequest(string? Name, IReadOnlyList<KeyValue>? Tags, string? Description);

/// <summary>An answer with one registered model.</summary>
/// <param name="RegisteredModel">The model.</param>
public sealed record RegisteredModelResponse(RegisteredModel RegisteredModel);

/// <summary>GET registered-models/get and DELETE registered-models/delete.</summary>
/// <param name="Name">Required.</param>
public sealed record RegisteredModelRequest(string? Name);

/// <summary>PATCH registered-models/update.</summary>
/// <param name="Name">Required.</param>
/// <param name="Description">Absent clears it.</param>
public sealed record UpdateRegisteredModelRequest(string? Name, string? Description);

/// <summary>POST registered-models/rename.</summary>
/// <param name="Name">Required.</param>
/// <param name="NewName">Required; the rules of a new model's name.</param>
public sealed record RenameRegisteredModelRequest(string? Name, string? NewName);

/// <summary>GET registered-models/search, and registered-models/list of 1.26 clients.</summary>
/// <param name="Filter">See docs/search.md.</param>
/// <param name="MaxResults">1 to 1000; absent means 100.</param>
/// <param name="OrderBy">Such as <c>name DESC</c>.</param>
/// <param name="PageToken">From the page before; bound to the same query.</param>
public sealed record SearchRegisteredModelsRequest(string? Filter, long? MaxResults, IReadOnlyList<string>? OrderBy, string? PageToken);

/// <summary>A page of registered models.</summary>
/// <param name="RegisteredModels">Absent when there are none.</param>
/// <param name="NextPageToken">Absent on the last page.</param>
public sealed record RegisteredModelsResponse(IReadOnlyList<RegisteredModel>? RegisteredModels, string? NextPageToken);

/// <summary>POST registered-models/get-latest-versions.</summary>
/// <param name="Name">Required.</param>
/// <param name="Stages">In any letter case; none means every stage.</param>
public sealed record GetLatestVersionsRequest(string? Name, IReadOnlyList<string>? Stages);

/// <summary>POST registered-models/set-tag.</summary>
/// <param name="Name">Required.</param>
/// <param name="Key">Required; up to 250 characters.</param>
/// <param name="Value">Up to 100000 characters; absent means empty.</param>
public sealed record SetRegisteredModelTagRequest(string? Name, string? Key, string? Value);

/// <summary>DELETE registered-models/delete-tag; a missing tag is a success.</summary>
/// <param name="Name">Required.</param>
/// <param name="Key">Required.</param>
public sealed record DeleteRegisteredModelTagRequest(string? Name, string? Key);

/// <summary>POST registered-models/alias: sets or moves an alias.</summary>
/// <param name="Name">Required.</param>
/// <param name="Alias">Required; not <c>latest</c> and not <c>v</c> with digits.</param>
/// <param name="Version">Required; digits.</param>
public sealed record SetAliasRequest(string? Name, string? Alias, string? Version);

/// <summary>GET and DELETE registered-models/alias.</summary>
/// <param name="Name">Required.</param>
/// <param name="Alias">Required.</param>
public sealed record AliasRequest(string? Name, string? Alias);
