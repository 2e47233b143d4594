namespace Slipway.Store;

/// <summary>What kind of "no" an answer is; the server pairs each with a code and a status.</summary>
public enum FaultKind
{
    /// <summary>The request itself is wrong.</summary>
    Invalid,

    /// <summary>The request contradicts itself.</summary>
    Contradictory,

    /// <summary>It names something that is not there.</summary>
    NotFound,

    /// <summary>It names something that was there, and was taken away for good.</summary>
    Gone,

    /// <summary>It would make something that is there already.</summary>
    AlreadyExists,

    /// <summary>A rule or a right forbids it.</summary>
    Denied,

    /// <summary>The caller has to say who they are, and did not, or not truly.</summary>
    Unauthenticated,

    /// <summary>What is there does not allow it now; another state would.</summary>
    Conflict,

    /// <summary>It was changed since the caller looked at it.</summary>
    Outdated,

    /// <summary>There is no such endpoint.</summary>
    NoEndpoint,

    /// <summary>This server does not do that, and the client knows another way.</summary>
    NotImplemented,

    /// <summary>It can't be done now; the same request may succeed later.</summary>
    Unavailable,

    /// <summary>What is stored is not what was stored.</summary>
    Damaged,
}

/// <summary>An expected failure: it ends one request, says why, and leaves nothing behind.</summary>
public class Fault(FaultKind kind, string message, Exception? cause = null) : Exception(message, cause)
{
    public FaultKind Kind { get; } = kind;

    public static Fault Invalid(string message) => new(FaultKind.Invalid, message);

    public static Fault NotFound(string message) => new(FaultKind.NotFound, message);

    public static Fault Gone(string message) => new(FaultKind.Gone, message);

    public static Fault AlreadyExists(string message) => new(FaultKind.AlreadyExists, message);

    public static Fault Unauthenticated(string message) => new(FaultKind.Unauthenticated, message);

    public static Fault Conflict(string message) => new(FaultKind.Conflict, message);

    public static Fault Outdated(string message) => new(FaultKind.Outdated, message);

    public static Fault NoEndpoint(string message) => new(FaultKind.NoEndpoint, message);

    public static Fault NotImplemented(string message) => new(FaultKind.NotImplemented, message);

    public static Fault Unavailable(string message, Exception? cause = null) => new(FaultKind.Unavailable, message, cause);
}

/// <summary>A rule forbids the change: everything rolls back but the audit entry that says who was refused what.</summary>
public sealed class RefusedException(string message) : Fault(FaultKind.Denied, message)
{
    /// <summary>How many refusals it stands for: more than one where they were put together before they came here.</summary>
    public long Times { get; init; } = 1;
}
