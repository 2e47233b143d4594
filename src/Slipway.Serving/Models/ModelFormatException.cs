namespace Slipway.Serving.Models;

/// <summary>A model's files are not as they have to be; the message says what to do about it.</summary>
internal sealed class ModelFormatException(string message, Exception? inner = null) : Exception(message, inner);
