package io.statehouse.node.agent;

/** A user with one of everything. */
record World(String user, String channel, String session, String goal, String execution, String memory) {
    static World make(Rpc rpc) {
        String user = id(rpc, "create_user", "{\"username\":\"ada\"}");
        String channel = id(
                rpc,
                "create_channel",
                "{\"user_id\":\"" + user
                        + "\",\"channel_type\":\"chat\",\"channel_name\":\"c\",\"channel_identifier\":\"#c\"}");
        String session = id(rpc, "create_session", "{\"user_id\":\"" + user + "\"}");
        String owners = "\"user_id\":\"" + user + "\",\"session_id\":\"" + session + "\"";
        String goal = id(rpc, "create_goal", "{" + owners + ",\"title\":\"find\"}");
        String execution = id(
                rpc,
                "create_tool_execution",
                "{" + owners + ",\"goal_id\":\"" + goal + "\",\"tool_name\":\"t\",\"tool_input\":{}}");
        String memory = id(rpc, "create_memory", "{\"user_id\":\"" + user + "\",\"content\":\"m\"}");
        return new World(user, channel, session, goal, execution, memory);
    }

    static String id(Rpc rpc, String method, String params) {
        return Rpc.text(rpc.call(method, params), "id");
    }
}
