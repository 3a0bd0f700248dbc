#pragma once

#include "centrifuge/reply.hpp"

#include <coroom/disconnect.hpp>
#include <coroom/publication.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace coroom::detail::centrifuge::json {

/// Whether a push is inside of the envelope `{"push":…}`. One-way connections get pushes alone.
enum class Envelope : std::uint8_t { push, none };

/// Append the reply to a command as one line, without its line break.
///@{
void append_reply(std::string& line, std::uint64_t id, const ConnectResult& result);
void append_reply(std::string& line, std::uint64_t id, const SubscribeResult& result);
void append_reply(std::string& line, std::uint64_t id, const UnsubscribeResult& result);
void append_reply(std::string& line, std::uint64_t id, const PublishResult& result);
void append_reply(std::string& line, std::uint64_t id, const PresenceResult& result);
void append_reply(std::string& line, std::uint64_t id, const PresenceStatsResult& result);
void append_reply(std::string& line, std::uint64_t id, const HistoryResult& result);
void append_reply(std::string& line, std::uint64_t id, const RefreshResult& result);
void append_reply(std::string& line, std::uint64_t id, const SubRefreshResult& result);
void append_reply(std::string& line, std::uint64_t id, const RpcResult& result);
void append_reply(std::string& line, std::uint64_t id, const CentrifugeError& error);
///@}

/// Append a push as one line, without its line break.
///@{

/// A publication, a join or a leave in a channel.
void append_push(std::string& line, Envelope envelope, std::string_view channel,
                 const Publication& publication);

/// The begin and the end of a subscription.
void append_push(std::string& line, Envelope envelope, std::string_view channel,
                 const SubscribePush& subscribe);
void append_push(std::string& line, Envelope envelope, std::string_view channel,
                 const Unsubscribe& unsubscribe);

void append_push(std::string& line, Envelope envelope, const MessagePush& message);

/// The end of a connection over a stream, which has no close frame.
void append_push(std::string& line, Envelope envelope, const Disconnect& disconnect);

/// The result of `connect` as a one-way connection gets it.
void append_push(std::string& line, Envelope envelope, const ConnectResult& result);
///@}

}  // namespace coroom::detail::centrifuge::json
