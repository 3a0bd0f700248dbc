#pragma once

#include "centrifuge/client_context.hpp"
#include "centrifuge/command.hpp"
#include "centrifuge/permissions.hpp"
#include "centrifuge/refusal.hpp"
#include "centrifuge/reply.hpp"
#include "centrifuge/subscriber.hpp"
#include "centrifuge/subscriptions.hpp"

#include <coroom/server_subscription.hpp>
#include <coroom/task.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace coroom::detail::centrifuge {

/// The subscriptions that the server makes for one client: those of its token and its personal room when it
/// connects, and those of the program later.
class ServerSubscriptions {
 public:
  using Granted = std::map<std::string, ServerSubscription, std::less<>>;
  using Results = std::vector<std::pair<std::string, SubscribeResult>>;

  /// All outlive this object.
  ServerSubscriptions(ClientContext& client, const Permissions& permissions, Subscriptions& subscriptions,
                      Subscriber& subscriber)
      : client_(client), permissions_(permissions), subscriptions_(subscriptions), subscriber_(subscriber) {}

  /// Makes the subscriptions of a client that connects: all of them, or none and the refusal. `recover` has
  /// the positions of the client. Publications wait for resume(). Called once the client has its identity.
  task<Outcome<Results>> connect(Granted granted, RecoverRequests recover);

  /// Removes the recovered publications from the results, which are too large for a reply.
  void give_up_recovery(Results& results);

  /// Delivers publications from now on, after the client has got the reply to `connect`. Then makes the calls
  /// that had to wait for it.
  void resume(const Results& results);

  /// Forgets the calls that wait for the reply, after a connect that was refused.
  void forget() { waiting_.reset(); }

  /// Ends a subscription before the reply to `connect`, which the client gets with it: resume() notifies the
  /// client then. Returns false after the reply.
  bool remove_before_reply(const std::string& channel);

  /// Subscribes a client to a channel, and notifies it; does nothing if it is subscribed.
  void subscribe(std::string channel, ServerSubscription subscription);

  /// Makes a call now, or after the reply to `connect`: a client expects no push before it.
  void call_when_connected(std::function<void()> call);

 private:
  struct Begun {
    Subscriptions::Beginning beginning;
    SubscribeResult result;
    Subscription subscription;
  };

  task<Outcome<Begun>> open(std::string channel, ServerSubscription subscription, RecoverRequest position,
                            std::size_t bytes);
  task<> subscribe_now(std::string channel, ServerSubscription subscription);
  void add_personal_room(Granted& granted) const;

  ClientContext& client_;
  const Permissions& permissions_;
  Subscriptions& subscriptions_;
  Subscriber& subscriber_;
  bool is_replied_ = false;                                      // the client has got the reply to `connect`
  std::unique_ptr<std::vector<std::function<void()>>> waiting_;  // calls that wait for that
};

}  // namespace coroom::detail::centrifuge
