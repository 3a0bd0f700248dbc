#pragma once

#include <boost/intrusive/list.hpp>

namespace coroom::net {

class TurnTask;
using TurnHook = boost::intrusive::list_base_hook<boost::intrusive::tag<TurnTask>,
                                                  boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// Something to do when a shard has handled all that was ready. It leaves its list by itself when it is
/// destroyed.
class TurnTask : public TurnHook {
 public:
  virtual void end_of_turn() = 0;

 protected:
  TurnTask() = default;
  TurnTask(const TurnTask&) = delete;
  TurnTask& operator=(const TurnTask&) = delete;
  ~TurnTask() = default;
};

using TurnTasks = boost::intrusive::list<TurnTask, boost::intrusive::base_hook<TurnHook>,
                                         boost::intrusive::constant_time_size<false>>;

}  // namespace coroom::net
