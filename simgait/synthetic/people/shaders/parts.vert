#version 330
uniform mat4 projection;
in vec3 place;
in vec3 chart;
out vec3 told;

void main() {
    gl_Position = projection * vec4(place, 1.0);
    told = chart;
}
