#pragma once

#include "centrifuge/reply.hpp"

#include <coroom/disconnect.hpp>
#include <coroom/publication.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace coroom::detail::centrifuge::protobuf {

/// Append the reply to a command, behind its length.
///@{
void append_reply(std::string& out, std::uint64_t id, const ConnectResult& result);
void append_reply(std::string& out, std::uint64_t id, const SubscribeResult& result);
void append_reply(std::string& out, std::uint64_t id, const UnsubscribeResult& result);
void append_reply(std::string& out, std::uint64_t id, const PublishResult& result);
void append_reply(std::string& out, std::uint64_t id, const PresenceResult& result);
void append_reply(std::string& out, std::uint64_t id, const PresenceStatsResult& result);
void append_reply(std::string& out, std::uint64_t id, const HistoryResult& result);
void append_reply(std::string& out, std::uint64_t id, const RefreshResult& result);
void append_reply(std::string& out, std::uint64_t id, const SubRefreshResult& result);
void append_reply(std::string& out, std::uint64_t id, const RpcResult& result);
void append_reply(std::string& out, std::uint64_t id, const CentrifugeError& error);
///@}

/// Append a push, behind its length.
///@{

/// A publication, a join or a leave in a channel.
void append_push(std::string& out, std::string_view channel, const Publication& publication);

/// The begin and the end of a subscription.
void append_push(std::string& out, std::string_view channel, const SubscribePush& subscribe);
void append_push(std::string& out, std::string_view channel, const Unsubscribe& unsubscribe);

void append_push(std::string& out, const MessagePush& message);

/// The end of a connection over a stream, which has no close frame.
void append_push(std::string& out, const Disconnect& disconnect);
///@}

}  // namespace coroom::detail::centrifuge::protobuf
