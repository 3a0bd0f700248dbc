#pragma once

#include "centrifuge/command.hpp"
#include "centrifuge/protobuf_reader.hpp"

#include <string_view>

namespace coroom::detail::centrifuge::protobuf {

/// Read the fields of a message into the request, which keeps the values of absent fields. Throw
/// protozero::exception for bytes that are not Protobuf.
///@{
void read(std::string_view message, Findings& findings, ConnectRequest& request);
void read(std::string_view message, Findings& findings, SubscribeRequest& request);
void read(std::string_view message, Findings& findings, UnsubscribeRequest& request);
void read(std::string_view message, Findings& findings, PublishRequest& request);
void read(std::string_view message, Findings& findings, PresenceRequest& request);
void read(std::string_view message, Findings& findings, PresenceStatsRequest& request);
void read(std::string_view message, Findings& findings, HistoryRequest& request);
void read(std::string_view message, Findings& findings, RefreshRequest& request);
void read(std::string_view message, Findings& findings, SubRefreshRequest& request);
void read(std::string_view message, Findings& findings, RpcRequest& request);
void read(std::string_view message, Findings& findings, SendRequest& request);
void read(std::string_view message, Findings& findings, PingRequest& request);
///@}

}  // namespace coroom::detail::centrifuge::protobuf
