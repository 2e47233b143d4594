namespace Slipway.Client;

/// <summary>The server answered an error.</summary>
/// <param name="code">One of <see cref="Wire.ErrorCode"/>.</param>
/// <param name="message">What was wrong and what is allowed.</param>
/// <param name="cause">What led to it here, if anything did.</param>
public sealed class SlipwayException(string code, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>One of <see cref="Wire.ErrorCode"/>.</summary>
    public string Code { get; } = code;
}

/// <summary>No server answered at the address.</summary>
/// <param name="message">Which address, and what to do.</param>
/// <param name="cause">The failure of the connection.</param>
public sealed class ServerUnreachableException(string message, Exception cause) : Exception(message, cause);
