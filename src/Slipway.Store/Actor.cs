namespace Slipway.Store;

/// <summary>Who makes a change.</summary>
/// <param name="Name">The person or the service.</param>
/// <param name="Authentication">How we know: <c>none</c> while nobody has to say who they are.</param>
/// <param name="Address">Where the request came from.</param>
public record Actor(string Name, string Authentication, string? Address);
