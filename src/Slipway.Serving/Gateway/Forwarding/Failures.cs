using System.Net.Sockets;

namespace Slipway.Serving.Gateway.Forwarding;

/// <summary>Tells failures apart.</summary>
internal static class Failures
{
    /// <summary>Whether the worker, or the way to it, broke.</summary>
    public static bool IsOfWorker(Exception exception) => exception is HttpRequestException or IOException or SocketException;

    /// <summary>Whether nothing of the request had been sent, so that sending it elsewhere can't do anything twice.</summary>
    public static bool IsBeforeSending(Exception exception) =>
        exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } or SocketException;
}
